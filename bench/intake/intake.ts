import { join } from 'node:path';
import { Client } from 'pg';
import { median } from '../kit/percentile.ts';
import { row, type Row } from '../kit/row.ts';
import { Scene } from '../kit/scene.ts';
import { tenants } from './accounts.ts';
import { cpuSeconds, familyCpuSeconds, parentOf } from './cpu-time.ts';
import { eventsPerRequest, signedRequests } from './requests.ts';
import { sendAll } from './send-all.ts';

const concurrency = 50;
const rounds = 3;
const requestsPerRound = 5_000;
/** Until both servers run compiled code: a hub that takes a burst has run for long. */
const warmUp = 20_000;

/** What a server says of itself when it listens. */
interface Ready {
  port: number;
  pid: number;
}

/**
 * Webhook intake to durable, requests a second: 100 tenants, ten events a request, signature checked, against bare Koa that
 * reads the same bytes and checks the same HMAC. Rounds alternate, medians are compared; every event must be in the database.
 * The CPU time of a request says the same where other work shares the machine.
 */
export async function intake(): Promise<Row[]> {
  const scene = new Scene();
  try {
    const { appUrl, ownerUrl } = await scene.database();
    const env = { DATABASE_URL: appUrl, DATABASE_OWNER_URL: ownerUrl, DATA_DIR: scene.dataDir };
    const hub = (await scene.child(join(import.meta.dirname, 'hub-process.ts'), env)).ready as Ready;
    const bare = (await scene.child(join(import.meta.dirname, 'bare-koa-process.ts'), {})).ready as Ready;
    const server = await serverPid(ownerUrl);
    const rates = { hub: [] as number[], bare: [] as number[] };
    let sent = 0;
    const round = async (count: number): Promise<void> => {
      const requests = [...signedRequests(count, Date.now(), sent * eventsPerRequest + 1)];
      sent += count;
      rates.bare.push(count / (await sendAll(bare.port, requests, concurrency)));
      rates.hub.push(count / (await sendAll(hub.port, requests, concurrency)));
    };
    const cpu = (): Record<'hub' | 'bare' | 'database', number> => ({
      hub: cpuSeconds(hub.pid),
      bare: cpuSeconds(bare.pid),
      database: familyCpuSeconds(server),
    });
    await round(warmUp);
    rates.hub.length = rates.bare.length = 0;
    const before = cpu();
    for (let at = 0; at < rounds; at += 1) await round(requestsPerRound);
    const after = cpu();
    await checkAllStored(ownerUrl, sent * eventsPerRequest);
    const cpuOf = (who: keyof typeof before): number =>
      Math.round(((after[who] - before[who]) * 1e6) / (rounds * requestsPerRound));
    return [
      row('webhook intake to durable', 'requests/s', {
        ours: median(rates.hub),
        floor: median(rates.bare),
        aim: { of: 'ratio', value: 0.85, best: 'most' },
      }),
      row('  CPU of the hub', 'µs/request', { ours: cpuOf('hub'), floor: cpuOf('bare') }),
      row('  CPU of the database', 'µs/request', { ours: cpuOf('database'), floor: null }),
    ];
  } finally {
    await scene.end();
  }
}

async function serverPid(ownerUrl: string): Promise<number> {
  const client = await connected(ownerUrl);
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  const server = parentOf(rows[0]?.pid ?? 0);
  await client.end();
  if (server === undefined) throw new Error('The database server is not on this machine.');
  return server;
}

/** A benchmark that loses what it counts measures nothing. */
async function checkAllStored(ownerUrl: string, events: number): Promise<void> {
  const client = await connected(ownerUrl);
  let stored = 0;
  for (let tenant = 0; tenant < tenants; tenant += 1) {
    await client.query("select set_config('app.tenant', $1, false)", [`tenant-${tenant}`]);
    const { rows } = await client.query<{ count: number }>('select coalesce(sum(count), 0)::int as count from intake');
    stored += rows[0]?.count ?? 0;
  }
  await client.end();
  if (stored !== events) throw new Error(`${events} events were acknowledged, ${stored} are in the database.`);
}

async function connected(url: string): Promise<Client> {
  const client = new Client({ connectionString: url });
  await client.connect();
  return client;
}
