import assert from 'node:assert/strict';
import { keepRetention } from '../../../hub/retention.ts';
import type { OpenStore } from '../../../hub/store/open-store.ts';
import { aRun, aWrite } from '../../conformance/store/nouns.ts';
import { start_ms, tenantNamed } from '../../conformance/store/rig.ts';
import { eventually } from '../../kit/eventually.ts';
import { emptyTables, type FreshDatabase } from '../../kit/postgres.ts';
import { VirtualClock } from './runs/virtual-clock.ts';
import { filledStore } from './store/rig.ts';

const day_ms = 86_400_000;
const kept = { runs_days: 90, writes_days: 14 };

describe('hub/retention', () => {
  let store: OpenStore;
  let database: FreshDatabase;
  let clock: VirtualClock;
  let logged: string[];
  before(async () => ({ store, database } = await filledStore()));
  beforeEach(async () => {
    await emptyTables(database);
    for (const id of ['a', 'b']) await store.provisionTenant(tenantNamed(id));
    clock = new VirtualClock(start_ms);
    logged = [];
  });
  after(() => store.close());

  const log = {
    info: () => undefined,
    warn: () => undefined,
    error: (_: object, text: string) => void logged.push(text),
  };
  const fill = (tenantId: string): Promise<void> =>
    store.tenant(tenantId, async (tx) => {
      const ended = { tenantId, state: 'failed', attempts: 1 } as const;
      await tx.startRun(aRun('old', { ...ended, recordId: 'r1', finishedAt_ms: start_ms - 90 * day_ms - 1 }));
      await tx.startRun(aRun('young', { ...ended, recordId: 'r2', finishedAt_ms: start_ms - 90 * day_ms }));
      const state = 'confirmed' as const;
      await tx.saveWrites([
        ...Array.from({ length: 2_001 }, (_, index) =>
          aWrite(`old-${index}`, { state, sentAt_ms: start_ms - 14 * day_ms - 1 }),
        ),
        aWrite('young', { state, sentAt_ms: start_ms - 14 * day_ms }),
      ]);
    });
  /** Runs that are left, and how many writes are, which it removes. */
  const left = (tenantId: string): Promise<[string[], number]> =>
    store.tenant(tenantId, async (tx) => {
      const runs = await Promise.all(['old', 'young'].map((id) => tx.run(id)));
      return [runs.flatMap((run) => run?.id ?? []), await tx.expireWrites(start_ms, 9_999)];
    });

  it('removes what has had its time at every tenant, at once and a day later', async () => {
    for (const id of ['a', 'b']) await fill(id);
    const retention = keepRetention({ store, clock, log }, kept);
    for (const id of ['a', 'b'])
      await eventually(() => store.tenant(id, async (tx) => assert.equal(await tx.run('old'), undefined)));
    for (const id of ['a', 'b']) assert.deepEqual(await left(id), [['young'], 1]);
    clock.pass(day_ms);
    await eventually(() => store.tenant('b', async (tx) => assert.equal(await tx.run('young'), undefined)));
    await retention.stop();
    assert.deepEqual(logged, []);
  });

  it('goes on with the next tenant where one fails, and stops when told', async () => {
    for (const id of ['a', 'b']) await fill(id);
    const tenant: OpenStore['tenant'] = (id, work) =>
      store.tenant(id, (tx) => {
        const expireWrites = (): Promise<number> => Promise.reject(new Error('no'));
        return work(id === 'a' ? { ...tx, expireWrites } : tx);
      });
    const retention = keepRetention({ store: { ...store, tenant }, clock, log }, kept);
    await eventually(() => store.tenant('b', async (tx) => assert.equal(await tx.run('old'), undefined)));
    await retention.stop();
    assert.deepEqual(logged, ['old rows could not be removed']);
    assert.deepEqual(await left('a'), [['old', 'young'], 2_001 + 1]);
  });
});
