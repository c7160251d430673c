import assert from 'node:assert/strict';
import { startWorkers } from '../../../hub/workers.ts';
import type { WorkAddress } from '../../../protocol/ports/bell.ts';
import { anEvent, aRecord } from '../../conformance/store/nouns.ts';
import { start_ms, tenantNamed } from '../../conformance/store/rig.ts';
import { CrashableProcess } from '../../sim/crashable-process.ts';
import { seededIds } from '../../sim/seeded-ids.ts';
import { seededRandom } from '../../sim/seeded-random.ts';
import { SimBell } from '../../sim/sim-bell.ts';
import { createSimStore } from '../../sim/store/create-sim-store.ts';
import { VirtualClock } from '../../sim/virtual-clock.ts';

interface Played {
  /** Every call of a port, in order. */
  log: readonly string[];
  /** What each row counted to, and what is still waiting. */
  counts: readonly unknown[];
  waiting: number;
}

const installationIds = ['hs', 'sf'] as const;
const eventCount = 40;

/** The hub's own workers, many at once, over the whole ground: they count events in records that they contend for. */
async function play(seed: number): Promise<Played> {
  const random = seededRandom(seed);
  const ties = random.fork();
  const pauses = random.fork();
  const clock = new VirtualClock(start_ms, () => ties.unit());
  const store = createSimStore({ clock, ids: seededIds(random.fork(), clock) });
  await store.provisionTenant(tenantNamed('a'));
  // A record that is not there yet cannot be locked, here as in PostgreSQL.
  const records = ['r0', 'r1'].map((id) => ({ record: aRecord(id, { fields: { count: 0 } }), matchKeys: [] }));
  await store.tenant('a', (tx) => tx.saveRecords(records));
  const log: string[] = [];
  const process = new CrashableProcess(async ({ port, method, phase }) => {
    log.push(`${clock.now_ms() - start_ms} ${phase} ${port}.${method}`);
    if (port === 'tx' && phase === 'before') await clock.sleep(pauses.int(0, 3));
  });
  const bell = new SimBell({ pick: (count) => random.int(0, count - 1) });
  const mine = process.store(store);
  const ids = seededIds(random.fork(), clock);
  const count = async ({ tenantId, installationId }: WorkAddress): Promise<number | undefined> =>
    mine.tenant(tenantId, async (tx) => {
      const items = await tx.takeInbox(installationId, clock.now_ms(), 3);
      for (const { event } of items) {
        const [record] = await tx.lockRecords([event.externalId]);
        const fields = { count: Number(record?.fields.count ?? 0) + 1, by: ids.next() };
        await tx.saveRecords([{ record: aRecord(event.externalId, { fields }), matchKeys: [] }]);
      }
      await tx.finishInbox(items.map(({ id }) => ({ id, outcome: 'applied' })));
      return items.length > 0 ? clock.now_ms() + pauses.int(0, 500) : undefined;
    });
  const silent = (): void => undefined;
  startWorkers(
    {
      store: mine,
      bell,
      clock,
      log: { info: silent, warn: silent, error: silent },
      accountBroken: async () => undefined,
    },
    { observe: count },
  );
  for (let event = 0; event < eventCount; event++) {
    const installationId = random.pick(installationIds);
    clock.at(start_ms + random.int(0, 5_000), () => {
      const told = anEvent(`e${event}`, { externalId: `r${event % 2}` });
      void mine
        .receive([{ tenantId: 'a', installationId, events: [told] }])
        .then(() => bell.ring([{ tenantId: 'a', installationId, lane: 'observe' }]));
    });
  }
  await clock.runUntil(start_ms + 120_000);
  return store.tenant('a', async (tx) => ({
    log,
    counts: [(await tx.record('r0'))?.fields.count, (await tx.record('r1'))?.fields.count],
    waiting: await tx.countWaitingInbox(),
  }));
}

describe('the simulator’s ground', () => {
  it('does the same for the same seed, call by call, and other things for another', async () => {
    const [first, again, other] = [await play(7), await play(7), await play(8)];
    assert.ok(first.log.length > 500, `${first.log.length} calls`);
    assert.deepEqual(again.log, first.log);
    assert.notDeepEqual(other.log, first.log);
  });

  it('loses no update, however the transactions of a seed interleave', async () => {
    for (let seed = 1; seed <= 30; seed++) {
      const { counts, waiting } = await play(seed);
      assert.deepEqual({ counts, waiting }, { counts: [eventCount / 2, eventCount / 2], waiting: 0 }, `seed ${seed}`);
    }
  });
});
