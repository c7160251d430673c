import { join } from 'node:path';
import { Client } from 'pg';
import { median } from '../kit/percentile.ts';
import { row, type Row } from '../kit/row.ts';
import { Scene } from '../kit/scene.ts';
import { eventsPerRequest, signedRequests } from './requests.ts';
import { sendAll } from './send-all.ts';

const concurrency = 50;
const rounds = 3;
const requestsPerRound = 5_000;
const warmUp = 2_000;

/**
 * Webhook intake to durable, requests a second: 100 tenants, ten events a request, signature checked, against bare Koa that
 * reads the same bytes and checks the same HMAC. Rounds alternate, medians are compared; every event must be in the table.
 */
export async function intake(): Promise<Row[]> {
  const scene = new Scene();
  try {
    const { appUrl, ownerUrl } = await scene.database();
    const env = { DATABASE_URL: appUrl, DATABASE_OWNER_URL: ownerUrl, DATA_DIR: scene.dataDir };
    const hub = (await scene.child(join(import.meta.dirname, 'hub-process.ts'), env)).ready as number;
    const bare = (await scene.child(join(import.meta.dirname, 'bare-koa-process.ts'), {})).ready as number;
    const ours: number[] = [];
    const floor: number[] = [];
    let sent = 0;
    const round = async (count: number): Promise<[number, number]> => {
      const requests = [...signedRequests(count, Date.now(), sent * eventsPerRequest + 1)];
      sent += count;
      const bareSeconds = await sendAll(bare, requests, concurrency);
      return [count / (await sendAll(hub, requests, concurrency)), count / bareSeconds];
    };
    await round(warmUp);
    for (let at = 0; at < rounds; at += 1) {
      const [hubRate, bareRate] = await round(requestsPerRound);
      ours.push(hubRate);
      floor.push(bareRate);
    }
    await checkAllStored(ownerUrl, sent * eventsPerRequest);
    return [
      row('webhook intake to durable', 'requests/s', {
        ours: median(ours),
        floor: median(floor),
        aim: { of: 'ratio', value: 0.85, best: 'most' },
      }),
    ];
  } finally {
    await scene.end();
  }
}

/** A benchmark that loses what it counts measures nothing. */
async function checkAllStored(ownerUrl: string, events: number): Promise<void> {
  const client = new Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ count: number }>("select nextval('inbox_seq')::int - 1 as count");
    if (rows[0]?.count !== events)
      throw new Error(`${events} events were acknowledged, ${rows[0]?.count} are in the inbox.`);
  } finally {
    await client.end();
  }
}
