import assert from 'node:assert/strict';
import type { EndedRun } from '../../../protocol/ports/store.ts';
import type { Run } from '../../../protocol/run.ts';
import { aRun, aWrite } from './nouns.ts';
import type { StoreRig } from './rig.ts';

export function retentionConformance(rig: StoreRig): void {
  const saved = async (runs: Readonly<Record<string, Partial<Run>>>): Promise<void> => {
    for (const [id, given] of Object.entries(runs))
      await rig.store.tenant('a', (tx) => tx.startRun(aRun(id, { recordId: `of-${id}`, attempts: 1, ...given })));
  };
  const expire = async (before_ms: number, limit: number): Promise<number[]> => {
    const batches: number[] = [];
    let after: EndedRun | undefined;
    do {
      const from = after;
      const { removed, next } = await rig.store.tenant('a', (tx) => tx.expireRuns(before_ms, from, limit));
      batches.push(removed);
      after = next;
    } while (after);
    return batches;
  };
  const left = (ids: readonly string[]): Promise<string[]> =>
    rig.store.tenant('a', async (tx) => {
      const found = await Promise.all(ids.map((id) => tx.run(id)));
      return found.flatMap((run) => run?.id ?? []);
    });

  it('removes settled writes of a time gone by, a batch at once, and no open one', async () => {
    await rig.store.tenant('a', async (tx) => {
      for (const [index, state] of (['sent', 'uncertain', 'answered'] as const).entries())
        await tx.saveWrites([aWrite(`open-${index}`, { state, sentAt_ms: 1 })]);
      for (let index = 0; index < 5; index++)
        await tx.saveWrites([
          aWrite(`old-${index}`, { state: index % 2 ? 'confirmed' : 'rejected', sentAt_ms: index }),
        ]);
      await tx.saveWrites([aWrite('young', { state: 'confirmed', sentAt_ms: 100 })]);
    });
    const counts: number[] = [];
    for (let round = 0; round < 3; round++) counts.push(await rig.store.tenant('a', (tx) => tx.expireWrites(100, 3)));
    assert.deepEqual(counts, [3, 2, 0]);
    await rig.store.tenant('a', async (tx) => {
      assert.equal((await tx.openWrites(['l1'])).length, 3);
      assert.equal(await tx.expireWrites(101, 3), 1);
    });
    assert.equal(await rig.store.tenant('b', (tx) => tx.expireWrites(999, 3)), 0);
  });

  it('removes runs that ended before an instant, but never the latest result of a record and job', async () => {
    const result = { brief: 1 };
    await saved({
      // One record: two results, then a failure; the later result stays.
      first: { recordId: 'r1', state: 'succeeded', result, queuedAt_ms: 1, finishedAt_ms: 10 },
      latest: { recordId: 'r1', state: 'succeeded', result, queuedAt_ms: 2, finishedAt_ms: 20 },
      failed: { recordId: 'r1', state: 'failed', queuedAt_ms: 3, finishedAt_ms: 30 },
      demo: { recordId: 'r1', job: 'demo', state: 'succeeded', result, queuedAt_ms: 1, finishedAt_ms: 10 },
      empty: { state: 'succeeded', finishedAt_ms: 10 },
      cancelled: { state: 'cancelled', finishedAt_ms: 10 },
      young: { state: 'failed', finishedAt_ms: 100 },
      waiting: { state: 'waiting' },
      running: { state: 'running' },
    });
    assert.deepEqual(await expire(100, 10), [4]);
    const all = ['first', 'latest', 'failed', 'demo', 'empty', 'cancelled', 'young', 'waiting', 'running'];
    assert.deepEqual(await left(all), ['latest', 'demo', 'young', 'waiting', 'running']);
    assert.deepEqual(await rig.store.tenant('b', (tx) => tx.expireRuns(999, undefined, 10)), {
      removed: 0,
      next: undefined,
    });
  });

  it('goes through all of them in batches, past those that stay', async () => {
    const ids = Array.from({ length: 12 }, (_, index) => `run-${String(index).padStart(2, '0')}`);
    await saved(
      Object.fromEntries(
        ids.map((id, index): [string, Partial<Run>] => [
          id,
          // Several end at one instant. The first five stay.
          { state: 'succeeded', result: index < 5 ? 'kept' : null, finishedAt_ms: Math.floor(index / 4) },
        ]),
      ),
    );
    assert.deepEqual(await expire(100, 5), [0, 5, 2]);
    assert.deepEqual(await left(ids), ids.slice(0, 5));
  });

  it('removes what belongs to a run, so that its cause is new, and the callbacks of one that stays', async () => {
    const callback = (runId: string) =>
      ({ runId, installationId: 'hs', callbackId: `of-${runId}`, state: 'completed' }) as const;
    await saved({
      gone: { state: 'failed', finishedAt_ms: 10 },
      stays: { state: 'succeeded', result: 1, finishedAt_ms: 10 },
      young: { state: 'failed', finishedAt_ms: 100 },
    });
    await rig.store.tenant('a', async (tx) => {
      for (const id of ['gone', 'stays', 'young']) await tx.addCallback(callback(id));
    });
    await expire(100, 10);
    await rig.store.tenant('a', async (tx) => {
      assert.deepEqual([await tx.callbacksOf('gone'), await tx.callbacksOf('stays')], [[], []]);
      assert.deepEqual(await tx.callbacksOf('young'), [callback('young')]);
      const again = (id: string) =>
        tx.startRun(aRun(`again-${id}`, { recordId: `of-${id}`, cause: { lane: 'event', id: `cause-${id}` } }));
      assert.equal((await again('gone')).started, true);
      assert.deepEqual([(await again('stays')).started, (await again('stays')).run.id], [false, 'stays']);
    });
  });
}
