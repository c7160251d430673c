import assert from 'node:assert/strict';
import { statesFor } from '../../../hub/runs/state.ts';
import type { Run, RunState } from '../../../protocol/run.ts';
import { unfinishedStates } from '../../../protocol/run.ts';
import { aRun } from './nouns.ts';
import type { StoreRig } from './rig.ts';

const asked = { job: 'research', askedBy: 'person:5' };
const states: RunState[] = [...unfinishedStates, 'succeeded', 'failed', 'cancelled'];

export function heldRunConformance(rig: StoreRig): void {
  /** Each run for a record of its own. */
  const start = (runs: Readonly<Record<string, Partial<Run>>>): Promise<void> =>
    rig.store.tenant('a', async (tx) => {
      for (const [id, given] of Object.entries(runs))
        await tx.startRun(aRun(id, { recordId: `record-${id}`, ...given }));
    });
  const stateOf = async (id: string): Promise<RunState | undefined> =>
    (await rig.store.tenant('a', (tx) => tx.run(id)))?.state;
  const hold = (since_ms: number): Promise<string[]> =>
    rig.store.tenant('a', async (tx) => (await tx.holdRuns([asked], since_ms, 'Too many.')).toSorted());

  it('counts what changes asked for since an instant, by job and who asked', async () => {
    await start({
      early: { queuedAt_ms: 100 },
      late: { queuedAt_ms: 101 },
      done: { queuedAt_ms: 150, state: 'succeeded' },
      released: { queuedAt_ms: 150, releasedBy: 'admin' },
      click: { queuedAt_ms: 150, askedWith: 'click' },
      callback: { queuedAt_ms: 150, askedWith: 'callback' },
      other: { queuedAt_ms: 150, askedBy: 'person:6' },
      demo: { queuedAt_ms: 150, job: 'demo' },
    });
    const nobody = { job: 'research', askedBy: 'person:7' };
    await rig.store.tenant('a', async (tx) => {
      const counts = await tx.countAsked([asked, { job: 'demo', askedBy: 'person:5' }, nobody], 100);
      assert.deepEqual(
        counts.toSorted((one, two) => one.count - two.count),
        [
          { job: 'demo', askedBy: 'person:5', count: 1 },
          { ...asked, count: 3 },
        ],
      );
      assert.deepEqual(await tx.countAsked([], 0), []);
    });
    assert.deepEqual(await rig.store.tenant('b', (tx) => tx.countAsked([asked], 0)), []);
  });

  it('holds what changes asked for since an instant and nobody claimed or released, and says why', async () => {
    await start({
      early: { queuedAt_ms: 100 },
      first: { queuedAt_ms: 101 },
      second: { queuedAt_ms: 102 },
      begun: { queuedAt_ms: 150, startedAt_ms: 160, attempts: 1 },
      released: { queuedAt_ms: 150, releasedBy: 'person:9' },
      click: { queuedAt_ms: 150, askedWith: 'click' },
      callback: { queuedAt_ms: 150, askedWith: 'callback' },
      other: { queuedAt_ms: 150, askedBy: 'person:6' },
      demo: { queuedAt_ms: 150, job: 'demo' },
    });
    assert.deepEqual(await hold(100), ['first', 'second']);
    assert.deepEqual(await hold(100), [], 'once');
    await rig.store.tenant('a', async (tx) => {
      const held = await tx.run('first');
      assert.deepEqual([held?.state, held?.message], ['waiting', 'Too many.']);
      const claimed = (await tx.claimRuns(200, 300, 20)).map(({ id }) => id);
      assert.deepEqual(claimed.toSorted(), ['begun', 'callback', 'click', 'demo', 'early', 'other', 'released']);
      assert.deepEqual(await tx.holdRuns([], 0, 'Too many.'), []);
    });
  });

  it('holds in the states of the table alone, and releases and cancels in theirs', async () => {
    for (const [event, act] of [
      ['hold', (id: string) => rig.store.tenant('a', (tx) => tx.holdRuns([{ job: id, askedBy: id }], 0, ''))],
      ['release', (id: string) => rig.store.tenant('a', (tx) => tx.releaseRuns({ runId: id }, 'person:9'))],
      ['cancel', (id: string) => rig.store.tenant('a', (tx) => tx.cancelHeld({ job: id, askedBy: id }, 9, ''))],
    ] as const)
      for (const state of states) {
        const id = `${event} ${state}`;
        await start({ [id]: { state, job: id, askedBy: id } });
        const before = await rig.store.tenant('a', (tx) => tx.run(id));
        const done = await act(id);
        assert.deepEqual(done, statesFor(event).includes(state) ? [id] : [], id);
        if (done.length === 0) assert.deepEqual(await rig.store.tenant('a', (tx) => tx.run(id)), before, id);
      }
  });

  it('lists what is held, the oldest first, with what one costs by the last twenty successes', async () => {
    await start({
      new: { queuedAt_ms: 300, state: 'waiting' },
      old: { queuedAt_ms: 200, state: 'waiting' },
      other: { queuedAt_ms: 100, state: 'waiting', askedBy: 'automation' },
      demo: { queuedAt_ms: 250, state: 'waiting', job: 'demo' },
      queued: { queuedAt_ms: 50 },
      failed: {
        job: 'demo',
        state: 'failed',
        finishedAt_ms: 60,
        cost: { inputTokens: 9, outputTokens: 9, fetches: 9 },
      },
    });
    await start(
      Object.fromEntries(
        Array.from({ length: 24 }, (_, index): [string, Partial<Run>] => [
          `done-${index}`,
          {
            state: 'succeeded',
            finishedAt_ms: 1_000 + index,
            // The oldest four cost much more: they do not count.
            cost: { inputTokens: index < 4 ? 9_999 : index % 2 === 0 ? 10 : 20, outputTokens: 4, fetches: 0 },
          },
        ]),
      ),
    );
    const meanCost = { inputTokens: 15, outputTokens: 4, fetches: 0 };
    assert.deepEqual(await rig.store.tenant('a', (tx) => tx.heldRuns()), [
      { job: 'research', askedBy: 'automation', count: 1, since_ms: 100, meanCost },
      { ...asked, count: 2, since_ms: 200, meanCost },
      { job: 'demo', askedBy: 'person:5', count: 1, since_ms: 250, meanCost: null },
    ]);
    assert.deepEqual(await rig.store.tenant('b', (tx) => tx.heldRuns()), []);
  });

  it('releases a group, or one run, for good', async () => {
    await start({
      one: { queuedAt_ms: 200 },
      two: { queuedAt_ms: 200 },
      three: { queuedAt_ms: 200 },
      other: { queuedAt_ms: 200, askedBy: 'person:6', state: 'waiting' },
    });
    const release = (which: Parameters<Parameters<Parameters<typeof rig.store.tenant>[1]>[0]['releaseRuns']>[0]) =>
      rig.store.tenant('a', (tx) => tx.releaseRuns(which, 'admin'));
    assert.deepEqual(await release({ runId: 'one' }), ['one'], 'before it is held');
    assert.deepEqual(await hold(100), ['three', 'two']);
    assert.deepEqual(await release({ runId: 'two' }), ['two']);
    assert.deepEqual(await release({ runId: 'two' }), []);
    assert.deepEqual(await release(asked), ['three']);
    assert.deepEqual(await hold(100), []);
    for (const id of ['one', 'two', 'three']) {
      const run = await rig.store.tenant('a', (tx) => tx.run(id));
      assert.deepEqual([run?.state, run?.message, run?.releasedBy], ['queued', null, 'admin'], id);
    }
    assert.equal(await stateOf('other'), 'waiting');
    assert.deepEqual(
      await rig.store.tenant('b', (tx) => tx.releaseRuns({ ...asked, askedBy: 'person:6' }, 'admin')),
      [],
    );
  });

  it('cancels a group, whose callbacks are then to tell', async () => {
    await start({
      one: { state: 'waiting' },
      two: { state: 'waiting' },
      other: { state: 'waiting', askedBy: 'person:6' },
      queued: {},
    });
    await rig.store.tenant('a', async (tx) => {
      await tx.addCallback({ runId: 'one', installationId: 'hs', callbackId: 'ap-1', state: 'waiting' });
      assert.deepEqual(await tx.untoldCallbacks(10), []);
      assert.deepEqual((await tx.cancelHeld(asked, 900, 'Not wanted.')).toSorted(), ['one', 'two']);
      const run = await tx.run('one');
      assert.deepEqual([run?.state, run?.finishedAt_ms, run?.message], ['cancelled', 900, 'Not wanted.']);
      assert.deepEqual(
        (await tx.untoldCallbacks(10)).map(({ callback }) => callback.callbackId),
        ['ap-1'],
      );
    });
    assert.deepEqual([await stateOf('other'), await stateOf('queued')], ['waiting', 'queued']);
  });

  it('lets a claim and a hold at the same time have each run once', async () => {
    const ids = Array.from({ length: 30 }, (_, index) => `run-${String(index).padStart(2, '0')}`);
    await start(Object.fromEntries(ids.map((id) => [id, { queuedAt_ms: 200 }])));
    const [claimed, ...held] = await Promise.all([
      rig.store.tenant('a', (tx) => tx.claimRuns(300, 400, 10)),
      hold(100),
      hold(100),
    ]);
    const taken = [...claimed.map(({ id }) => id), ...held.flat()];
    assert.equal(new Set(taken).size, taken.length);
    for (const { id } of claimed) assert.equal(await stateOf(id), 'running');
    for (const id of held.flat()) assert.equal(await stateOf(id), 'waiting');
  });
}
