import { setTimeout as sleep } from 'node:timers/promises';
import { Mirror } from '../kit/mirror.ts';
import { row, type Row } from '../kit/row.ts';
import { Scene } from '../kit/scene.ts';
import { callsBetween, vendorCalls, type VendorCalls } from '../kit/vendor-calls.ts';

const records = 1_000;
/** HubSpot's and Salesforce's largest batches. */
const hubspotBatch = 100;
const salesforceBatch = 200;
const patience_ms = 120_000;
const contacts = '/crm/objects/2026-09/contacts';
/** Made by the clock, whatever changes; a poll that meets the burst lists its records too. Told in a row of their own. */
const byTheClock = new Set(['poll', 'stream']);
const writing = 'deliver';

/**
 * Vendor calls for each changed record when a person changes 1,000 contacts in HubSpot by batches, counted from the hub's own
 * metrics until every change is in Salesforce and nothing waits. The floor is one call for each full batch: to read what
 * changed, and to write it.
 */
export async function burst(): Promise<Row[]> {
  const scene = new Scene();
  try {
    const mirror = await Mirror.start(scene, { limits: true });
    const ids = await createContacts(mirror);
    await inSalesforce(mirror, "Title = 'Before the burst'");
    await mirror.settled();
    const before = vendorCalls(await mirror.metrics());
    for (const inputs of batches(ids))
      await mirror.hubspot.call('POST', `${contacts}/batch/update`, {
        inputs: inputs.map((id) => ({ id, properties: { jobtitle: 'In the burst' } })),
      });
    await inSalesforce(mirror, "Title = 'In the burst'");
    await mirror.settled();
    const calls = callsBetween(before, vendorCalls(await mirror.metrics()));
    process.stderr.write(`burst: ${JSON.stringify(calls)}\n`);
    return rowsOf(calls);
  } finally {
    await scene.end();
  }
}

/** Every call of that time is in one of the rows. */
function rowsOf(calls: VendorCalls): Row[] {
  const count = (counts: (purpose: string) => boolean): number =>
    Object.entries(calls).reduce((sum, [purpose, made]) => (counts(purpose) ? sum + made : sum), 0);
  return [
    row('vendor writes for each record of a burst', 'calls/record', {
      ours: count((purpose) => purpose === writing) / records,
      floor: 1 / salesforceBatch,
      aim: { of: 'ours', value: 0.03, best: 'least' },
    }),
    row('vendor reads for each record of a burst, without polls', 'calls/record', {
      ours: count((purpose) => purpose !== writing && !byTheClock.has(purpose)) / records,
      floor: 1 / hubspotBatch,
      aim: { of: 'ours', value: 0.05, best: 'least' },
    }),
    row('polls and stream calls of all accounts meanwhile, for each record', 'calls/record', {
      ours: count((purpose) => byTheClock.has(purpose)) / records,
      floor: null,
    }),
  ];
}

async function createContacts({ hubspot }: Mirror): Promise<string[]> {
  const numbers = Array.from({ length: records }, (_, number) => number);
  const ids: string[] = [];
  for (const some of batches(numbers)) {
    const { results } = await hubspot.call<{ results: { id: string }[] }>('POST', `${contacts}/batch/create`, {
      inputs: some.map((number) => ({
        properties: {
          email: `burst-${number}@example.com`,
          firstname: 'Burst',
          lastname: `Number ${number}`,
          jobtitle: 'Before the burst',
        },
      })),
    });
    ids.push(...results.map(({ id }) => id));
  }
  return ids;
}

/** Waits until every record of the burst is in Salesforce as the condition says. */
async function inSalesforce({ salesforce }: Mirror, condition: string): Promise<void> {
  const deadline_ms = Date.now() + patience_ms;
  for (;;) {
    const rows = await salesforce.query(`SELECT Id FROM Contact WHERE ${condition} LIMIT 2000`);
    if (rows.length >= records) return;
    if (Date.now() > deadline_ms)
      throw new Error(
        `Of ${records} contacts ${rows.length} are in Salesforce (${condition}) after ${patience_ms} ms.`,
      );
    await sleep(250);
  }
}

function batches<T>(items: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(items.length / hubspotBatch) }, (_, at) =>
    items.slice(at * hubspotBatch, (at + 1) * hubspotBatch),
  );
}
