import assert from 'node:assert/strict';
import type { Bell } from '../../../protocol/ports/bell.ts';
import type { Clock } from '../../../protocol/ports/clock.ts';
import type { Store } from '../../../protocol/ports/store.ts';
import { anEvent, aRecord } from '../../conformance/store/nouns.ts';
import { start_ms, tenantNamed } from '../../conformance/store/rig.ts';
import { CrashableProcess, type PortCall } from '../../sim/crashable-process.ts';
import { seededIds } from '../../sim/seeded-ids.ts';
import { seededRandom } from '../../sim/seeded-random.ts';
import { SimBell } from '../../sim/sim-bell.ts';
import { createSimStore } from '../../sim/store/create-sim-store.ts';
import { settle, VirtualClock } from '../../sim/virtual-clock.ts';

interface Ports {
  store: Store;
  bell: Bell;
  clock: Clock;
}

/** A small engine: counts each event once in a record, in the transaction that finishes it. */
async function countEvents({ store, bell, clock }: Ports): Promise<void> {
  await clock.sleep(10);
  await store.tenant('a', async (tx) => {
    const items = await tx.takeInbox('hs', clock.now_ms(), 2);
    const [record] = await tx.lockRecords(['r1']);
    const count = Number(record?.fields.count ?? 0) + items.length;
    await tx.saveRecords([{ record: aRecord('r1', { fields: { count } }), matchKeys: [] }]);
    await tx.finishInbox(items.map(({ id }) => ({ id, outcome: 'applied' })));
    await tx.markDue('hs', 'deliver', clock.now_ms());
  });
  await bell.ring([{ tenantId: 'a', installationId: 'hs', lane: 'deliver' }]);
}

describe('a process that may crash', () => {
  const clock = new VirtualClock(start_ms);
  const makeStore = async (): Promise<ReturnType<typeof createSimStore>> => {
    const store = createSimStore({ clock, ids: seededIds(seededRandom(1), clock) });
    await store.provisionTenant(tenantNamed('a'));
    await store.receive([
      { tenantId: 'a', installationId: 'hs', events: ['e1', 'e2', 'e3'].map((key) => anEvent(key)) },
    ]);
    return store;
  };
  const portsOf = (process: CrashableProcess, store: Awaited<ReturnType<typeof makeStore>>): Ports => ({
    store: process.store(store),
    bell: process.guard('bell', new SimBell(), ['work']),
    clock: process.guard('clock', clock, ['now_ms']),
  });
  const nameOf = ({ port, method, phase }: PortCall): string => `${phase} ${port}.${method}`;
  const looks = async (store: Store): Promise<unknown> =>
    store.tenant('a', async (tx) => ({
      count: (await tx.record('r1'))?.fields.count,
      waiting: await tx.countWaitingInbox(),
      due: (await store.dueNow(clock.now_ms(), 10, ['deliver'])).length,
    }));

  it('can die before and after every call, and leaves all of a transaction or nothing', async () => {
    const calls: string[] = [];
    const whole = new CrashableProcess((call) => void calls.push(nameOf(call)));
    const ran = countEvents(portsOf(whole, await makeStore()));
    await clock.runUntil(clock.now_ms() + 10);
    await ran;
    const expected = ['clock.sleep', 'store.tenant', 'tx.takeInbox', 'tx.lockRecords', 'tx.saveRecords'];
    for (const name of [...expected, 'tx.finishInbox', 'tx.markDue', 'store.commit', 'bell.ring'])
      for (const phase of ['before', 'after']) assert.ok(calls.includes(`${phase} ${name}`), `${phase} ${name}`);

    const before = { count: undefined, waiting: 3, due: 0 };
    const after = { count: 2, waiting: 1, due: 1 };
    for (const [at, name] of calls.entries()) {
      const store = await makeStore();
      let seen = 0;
      const process: CrashableProcess = new CrashableProcess(() => {
        if (seen++ === at) process.kill();
      });
      let returned = false;
      void countEvents(portsOf(process, store)).finally(() => (returned = true));
      await clock.runUntil(clock.now_ms() + 20);
      assert.deepEqual([process.dead, returned, seen], [true, false, at + 1], name);
      const committed = at > calls.indexOf('before store.commit');
      // Between the two the transaction is still open, or just committed: the commit itself is one moment.
      const found = await looks(store);
      if (name === 'after store.commit') assert.deepEqual(found, before);
      else assert.deepEqual(found, committed ? after : before, name);
      // The next process finds everything free and goes on.
      const next = countEvents(portsOf(new CrashableProcess(), store));
      await clock.runUntil(clock.now_ms() + 20);
      await next;
      assert.deepEqual(
        await looks(store),
        committed && name !== 'after store.commit' ? { count: 3, waiting: 0, due: 1 } : after,
        name,
      );
    }
  });

  it('shows the engine an error instead of an answer, also after a commit', async () => {
    const store = await makeStore();
    const lost = new Error('connection lost');
    const process = new CrashableProcess((call) => {
      if (nameOf(call) === 'after store.tenant') throw lost;
    });
    const ran = assert.rejects(countEvents(portsOf(process, store)), lost);
    await clock.runUntil(clock.now_ms() + 20);
    await ran;
    assert.deepEqual(await looks(store), { count: 2, waiting: 1, due: 1 });
  });

  it('hears no bell any more, and nobody waits for what it held', async () => {
    const store = await makeStore();
    const process = new CrashableProcess();
    const bell = new SimBell();
    process.onDeath(() => bell.cut());
    const { store: mine } = portsOf(process, store);
    let heard = 0;
    bell.work('observe', 1, async () => {
      heard++;
      await mine.tenant('a', async (tx) => {
        await tx.lockMatching('deal');
        process.kill();
        await tx.tenant();
      });
    });
    await bell.ring([{ tenantId: 'a', installationId: 'hs', lane: 'observe' }]);
    await settle();
    await bell.ring([{ tenantId: 'a', installationId: 'sf', lane: 'observe' }]);
    await settle();
    assert.equal(heard, 1);
    await store.tenant('a', (tx) => tx.lockMatching('deal'));
  });
});
