import assert from 'node:assert/strict';
import type { Callback } from '../../../protocol/run.ts';
import type { StoreRig } from './rig.ts';
import { aRun } from './nouns.ts';

export function runConformance(rig: StoreRig): void {
  it('gives a run back as it was started', async () => {
    await rig.store.tenant('a', async (tx) => {
      const run = aRun('one', { progress: { done: 1, total: 3, step: 'reading', detail: null } });
      assert.deepEqual(await tx.startRun(run), { run, started: true });
      assert.deepEqual(await tx.run('one'), run);
      assert.equal(await tx.run('two'), undefined);
    });
  });

  it('starts one run for five triggers at once', async () => {
    const started = await Promise.all(
      ['one', 'two', 'three', 'four', 'five'].map((id) => rig.store.tenant('a', (tx) => tx.startRun(aRun(id)))),
    );
    assert.equal(started.filter((outcome) => outcome.started).length, 1);
    assert.equal(new Set(started.map(({ run }) => run.id)).size, 1);
    assert.deepEqual((await rig.store.tenant('a', (tx) => tx.status())).runs, { queued: 1 });
  });

  it('joins by job and record, starts beside them', async () => {
    await rig.store.tenant('a', async (tx) => {
      await tx.startRun(aRun('one'));
      assert.equal((await tx.startRun(aRun('two'))).run.id, 'one');
      assert.equal((await tx.startRun(aRun('three', { recordId: 'r2' }))).started, true);
      assert.equal((await tx.startRun(aRun('four', { job: 'demo' }))).started, true);
    });
    assert.equal((await rig.store.tenant('b', (tx) => tx.startRun(aRun('one', { tenantId: 'b' })))).started, true);
  });

  it('starts anew after the end, but never again for the same cause', async () => {
    await rig.store.tenant('a', async (tx) => {
      const first = aRun('one');
      await tx.startRun(first);
      await tx.saveRun({ ...first, state: 'succeeded', finishedAt_ms: 9 }, ['queued']);
      const again = await tx.startRun(aRun('two', { cause: first.cause }));
      assert.deepEqual([again.run.id, again.started], ['one', false]);
      assert.equal((await tx.startRun(aRun('three'))).started, true);
    });
  });

  it('never starts again for a cause that joined, when it is told again after the end', async () => {
    await rig.store.tenant('a', async (tx) => {
      const first = aRun('one');
      await tx.startRun(first);
      const joining = aRun('two');
      assert.equal((await tx.startRun(joining)).run.id, 'one');
      await tx.saveRun({ ...first, state: 'succeeded', finishedAt_ms: 9 }, ['queued']);
      const again = await tx.startRun({ ...joining, id: 'three' });
      assert.deepEqual([again.run.id, again.started], ['one', false]);
    });
  });

  it('moves a run only from the states named', async () => {
    await rig.store.tenant('a', async (tx) => {
      const run = aRun('one');
      await tx.startRun(run);
      const running = { ...run, state: 'running' as const, startedAt_ms: 5, leaseUntil_ms: 50 };
      assert.equal(await tx.saveRun(running, ['waiting']), false);
      assert.deepEqual(await tx.run('one'), run);
      assert.equal(await tx.saveRun(running, ['queued', 'running']), true);
      assert.deepEqual(await tx.run('one'), running);
    });
  });

  it('keeps results of every shape', async () => {
    await rig.store.tenant('a', async (tx) => {
      for (const [at, result] of ['text', '"7"', 7, [1, { a: null }], { deep: { list: ['?'] } }, false].entries()) {
        const run = aRun(`run-${at}`, { recordId: `r-${at}` });
        await tx.startRun(run);
        await tx.saveRun({ ...run, result, state: 'succeeded' }, ['queued']);
        assert.deepEqual((await tx.run(run.id))?.result, result);
      }
    });
  });

  it('knows the latest run and the latest result', async () => {
    await rig.store.tenant('a', async (tx) => {
      assert.equal(await tx.latestRun('research', 'r1'), undefined);
      const first = aRun('one', { queuedAt_ms: 1 });
      await tx.startRun(first);
      await tx.saveRun({ ...first, state: 'succeeded', result: { brief: 1 } }, ['queued']);
      const second = aRun('two', { queuedAt_ms: 2 });
      await tx.startRun(second);
      await tx.saveRun({ ...second, state: 'failed' }, ['queued']);
      await tx.startRun(aRun('three', { queuedAt_ms: 3 }));
      assert.equal((await tx.latestRun('research', 'r1'))?.id, 'three');
      assert.equal((await tx.latestResult('research', 'r1'))?.id, 'one');
      assert.equal(await tx.latestResult('research', 'r2'), undefined);
    });
  });

  it('hands queued runs, and those whose lease has passed, to one performer', async () => {
    const { store } = rig;
    await store.tenant('a', async (tx) => {
      await tx.startRun(aRun('queued', { queuedAt_ms: 2 }));
      const others = {
        held: { state: 'running', leaseUntil_ms: 200 },
        passed: { state: 'running', leaseUntil_ms: 90, queuedAt_ms: 1 },
        waiting: { state: 'waiting' },
        done: { state: 'succeeded' },
      } as const;
      for (const [id, given] of Object.entries(others)) await tx.startRun(aRun(id, { recordId: id, ...given }));
    });
    const claims = await Promise.all(
      Array.from({ length: 4 }, () => store.tenant('a', (tx) => tx.claimRuns(100, 150, 10))),
    );
    assert.deepEqual(
      claims
        .flat()
        .map(({ id, leaseUntil_ms }) => `${id} ${leaseUntil_ms}`)
        .toSorted(),
      ['passed 150', 'queued 150'],
    );
    assert.deepEqual(await store.tenant('a', (tx) => tx.claimRuns(149, 200, 10)), []);
    assert.equal((await store.tenant('a', (tx) => tx.claimRuns(150, 300, 1))).length, 1);
    assert.deepEqual(await store.tenant('b', (tx) => tx.claimRuns(500, 600, 10)), []);
  });

  it('starts a run by claiming it, and counts each claim', async () => {
    const { store } = rig;
    const claim = (now_ms: number) => store.tenant('a', (tx) => tx.claimRuns(now_ms, now_ms + 50, 1));
    await store.tenant('a', (tx) => tx.startRun(aRun('one')));
    assert.deepEqual(await claim(200), [
      { ...aRun('one'), state: 'running', attempts: 1, startedAt_ms: 200, leaseUntil_ms: 250 },
    ]);
    assert.deepEqual(await claim(300), [
      { ...aRun('one'), state: 'running', attempts: 2, startedAt_ms: 200, leaseUntil_ms: 350 },
    ]);
  });

  it('lets nobody save a run that another has claimed since', async () => {
    await rig.store.tenant('a', async (tx) => {
      await tx.startRun(aRun('one'));
      const [late] = await tx.claimRuns(200, 250, 1);
      const [next] = await tx.claimRuns(300, 350, 1);
      assert.ok(late && next);
      assert.equal(await tx.saveRun({ ...late, leaseUntil_ms: 900 }, ['running']), false);
      assert.equal(await tx.saveRun({ ...late, state: 'failed' }, ['running']), false);
      assert.deepEqual(await tx.run('one'), next);
      assert.equal(await tx.saveRun({ ...next, state: 'succeeded' }, ['running']), true);
    });
  });

  it('knows when the next run may be claimed', async () => {
    const { store } = rig;
    await store.tenant('a', async (tx) => {
      assert.equal(await tx.nextRun(), undefined);
      for (const state of ['waiting', 'succeeded', 'failed', 'cancelled'] as const)
        await tx.startRun(aRun(state, { recordId: state, state }));
      assert.equal(await tx.nextRun(), undefined);
      await tx.startRun(aRun('held', { recordId: 'held', state: 'running', leaseUntil_ms: 900 }));
      assert.equal(await tx.nextRun(), 900);
      await tx.startRun(aRun('later', { recordId: 'later', leaseUntil_ms: 700 }));
      assert.equal(await tx.nextRun(), 700);
      await tx.startRun(aRun('queued', { recordId: 'queued', queuedAt_ms: 100 }));
      assert.equal(await tx.nextRun(), 100);
    });
    assert.equal(await store.tenant('b', (tx) => tx.nextRun()), undefined);
  });

  it('keeps callbacks of a run', async () => {
    const callback: Callback = { runId: 'one', installationId: 'hs', callbackId: 'ap-1-2', state: 'waiting' };
    await rig.store.tenant('a', async (tx) => {
      await tx.addCallback(callback);
      await tx.addCallback({ ...callback, callbackId: 'ap-3' });
      await tx.saveCallback({ ...callback, state: 'completed' });
      // A repeat of the vendor's call does not open what is done.
      await tx.addCallback(callback);
      const found = await tx.callbacksOf('one');
      assert.deepEqual(found.map(({ callbackId, state }) => `${callbackId} ${state}`).toSorted(), [
        'ap-1-2 completed',
        'ap-3 waiting',
      ]);
    });
  });

  it('gives the callbacks to tell: waiting ones of finished runs', async () => {
    const { store } = rig;
    const callback = (runId: string, callbackId: string): Callback => ({
      runId,
      installationId: 'hs',
      callbackId,
      state: 'waiting',
    });
    const [done, open] = [aRun('done'), aRun('open', { recordId: 'r2' })];
    await store.tenant('a', async (tx) => {
      for (const run of [done, open]) await tx.startRun(run);
      for (const [run, id] of [
        ['done', 'ap-1'],
        ['done', 'ap-2'],
        ['open', 'ap-3'],
      ] as const) {
        await tx.addCallback(callback(run, id));
      }
      assert.deepEqual(await tx.untoldCallbacks(10), []);
      await tx.saveRun({ ...done, state: 'failed' }, ['queued']);
      await tx.saveCallback({ ...callback('done', 'ap-1'), state: 'completed' });
      assert.deepEqual(await tx.untoldCallbacks(10), [
        { callback: callback('done', 'ap-2'), run: { ...done, state: 'failed' } },
      ]);
      assert.deepEqual(await tx.untoldCallbacks(0), []);
    });
  });

  it("hides no installation's callbacks behind those of another", async () => {
    await rig.store.tenant('a', async (tx) => {
      await tx.startRun(aRun('done', { state: 'failed' }));
      for (const [installationId, callbackId] of [
        ['hs', 'ap-1'],
        ['hs', 'ap-2'],
        ['other', 'ap-3'],
      ] as const)
        await tx.addCallback({ runId: 'done', installationId, callbackId, state: 'waiting' });
      const told = (await tx.untoldCallbacks(1)).map(({ callback }) => callback.callbackId);
      assert.deepEqual(told, ['ap-1', 'ap-3']);
    });
  });
}
