import assert from 'node:assert/strict';
import type { OpenStore } from '../../../../hub/store/open-store.ts';
import { Invalid, RetryLater } from '../../../../protocol/errors.ts';
import { aRecord } from '../../../conformance/store/nouns.ts';
import { start_ms, tenantNamed } from '../../../conformance/store/rig.ts';
import { emptyTables, type FreshDatabase } from '../../../kit/postgres.ts';
import { eventually } from '../../../kit/eventually.ts';
import { filledStore, sql } from '../store/rig.ts';
import { address, outcome, performing, type JobCall } from './rig.ts';

const lease_ms = 30_000;

describe('hub/runs Performer', () => {
  let store: OpenStore;
  let database: FreshDatabase;
  let rig: ReturnType<typeof performing>;
  before(async () => ({ store, database } = await filledStore()));
  beforeEach(async () => {
    await emptyTables(database);
    await store.provisionTenant(tenantNamed('a'));
    rig = performing(store);
    await rig.start();
  });
  after(() => store.close());

  const called = (count = 1): Promise<JobCall> =>
    eventually(async () => {
      const call = rig.calls[count - 1];
      assert.ok(call);
      return call;
    });
  const inState = (state: string) => eventually(async () => assert.equal((await rig.run()).state, state));
  const actions = async (): Promise<string[]> =>
    (
      await sql<{ action: string }>(
        database.ownerUrl,
        "set app.tenant = 'a'; select action from audit where subject = 'one' order by at_ms, id",
      )
    ).map(({ action }) => action);

  it('files what the job made, with the end of the run', async () => {
    const performer = rig.performer();
    await performer.look(address);
    (await called()).answer(outcome);
    await inState('succeeded');
    const run = await rig.run();
    assert.deepEqual([run.result, run.cost, run.attempts], [outcome.result, outcome.cost, 1]);
    assert.deepEqual(rig.filings, ['one']);
    assert.deepEqual(await actions(), ['run.succeeded']);
    assert.equal(await performer.look(address), undefined);
  });

  it('renews the lease while the job works, and keeps its progress', async () => {
    await rig.performer().look(address);
    const call = await called();
    const progress = { done: 1, total: 2, step: 'reading', detail: null } as const;
    await call.ports.progress(progress);
    rig.clock.pass(lease_ms / 3);
    await eventually(async () => assert.equal((await rig.run()).leaseUntil_ms, start_ms + lease_ms / 3 + lease_ms));
    rig.clock.pass(lease_ms - 1);
    assert.notEqual(await rig.performer().look(address), undefined);
    assert.equal(rig.calls.length, 1);
    assert.deepEqual((await rig.run()).progress, progress);
    call.answer(outcome);
    await inState('succeeded');
    assert.deepEqual((await rig.run()).progress, progress);
  });

  it('looks again when the lease of a killed performer passes, and takes the run over', async () => {
    const { performer, kill } = rig.mortal();
    await performer.look(address);
    await called();
    kill();
    const next = rig.performer();
    assert.equal(await next.look(address), start_ms + lease_ms);
    rig.clock.pass(lease_ms);
    await next.look(address);
    (await called(2)).answer(outcome);
    await inState('succeeded');
    assert.equal((await rig.run()).attempts, 2);
  });

  it('lets a performer that lost its lease neither renew, nor fail, nor file over the next', async () => {
    for (const late of ['answers', 'fails', 'reports'] as const) {
      await emptyTables(database);
      await store.provisionTenant(tenantNamed('a'));
      rig = performing(store);
      await rig.start();
      await rig.performer().look(address);
      const first = await called();
      const now_ms = rig.clock.now_ms();
      // Taken over while the first performer hung.
      const [taken] = await store.tenant('a', (tx) => tx.claimRuns(now_ms + lease_ms, now_ms + lease_ms + lease_ms, 1));
      if (late === 'answers') first.answer(outcome);
      if (late === 'fails') first.fail(new Invalid('Bad.', 'Mend it.'));
      if (late === 'reports') {
        await first.ports.progress({ done: 1, total: 2, step: 'reading', detail: null });
        assert.equal(first.ports.signal.aborted, true, 'the job is told');
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
      assert.deepEqual(await rig.run(), taken, late);
      assert.deepEqual([rig.filings, await actions()], [[], []], late);
    }
  });

  it('gives up a run that has ended its process three times', async () => {
    for (let death = 1; death <= 3; death++) {
      const { performer, kill } = rig.mortal();
      await performer.look(address);
      await called(death);
      kill();
      rig.clock.pass(lease_ms);
    }
    await rig.performer().look(address);
    await inState('failed');
    assert.match((await rig.run()).message ?? '', /ended unexpectedly 3 times.*report it/);
    assert.equal(rig.calls.length, 3);
    assert.deepEqual(await actions(), ['run.failed']);
  });

  it('tries later when the job asks for it, at that instant', async () => {
    const performer = rig.performer();
    await performer.look(address);
    (await called()).fail(new RetryLater('Busy.', start_ms + 60_000));
    await inState('queued');
    assert.equal(await performer.look(address), start_ms + 60_000);
    assert.equal(rig.calls.length, 1);
    rig.clock.pass(60_000);
    await performer.look(address);
    (await called(2)).answer(outcome);
    await inState('succeeded');
  });

  it('fails a run that asks for later a third time', async () => {
    const performer = rig.performer();
    for (let attempt = 1; attempt <= 3; attempt++) {
      await performer.look(address);
      (await called(attempt)).fail(new RetryLater('The model is busy.', rig.clock.now_ms() + 10));
      await inState(attempt < 3 ? 'queued' : 'failed');
      rig.clock.pass(10);
    }
    assert.match((await rig.run()).message ?? '', /The model is busy/);
  });

  it('shows people our own words of a failure, and none of a stranger', async () => {
    for (const [error, words] of [
      [new Invalid('The site is closed.', 'Open it.'), 'The site is closed. Open it.'],
      [new Error('secret of a vendor'), 'A fault of Rapport: report it with the time it happened.'],
    ] as const) {
      await emptyTables(database);
      await store.provisionTenant(tenantNamed('a'));
      rig = performing(store);
      await rig.start();
      const performer = rig.performer();
      await performer.look(address);
      (await called()).fail(error);
      await inState('failed');
      assert.equal((await rig.run()).message, words);
      assert.equal(await performer.look(address), undefined);
    }
  });

  it('fails a run whose record lacks what the job needs, and says which field', async () => {
    await store.tenant('a', (tx) =>
      tx.saveRecords([{ record: aRecord('r1', { fields: { name: null } }), matchKeys: [] }]),
    );
    await rig.performer().look(address);
    await inState('failed');
    assert.match((await rig.run()).message ?? '', /needs: name\. Complete the record/);
    assert.equal(rig.calls.length, 0);
  });

  it('gives back what is in hand when it stops, also of a job that does not listen', async () => {
    const performer = rig.performer();
    await performer.look(address);
    const first = await called();
    await performer.stop();
    assert.equal(first.ports.signal.aborted, true);
    assert.equal((await rig.run()).state, 'queued');
    assert.equal(await performer.look(address), start_ms, 'the next performer looks');
    await rig.performer().look(address);
    (await called(2)).answer(outcome);
    await inState('succeeded');
    assert.deepEqual(await store.dueNow(start_ms, 10), [address]);
  });

  it('counts no orderly stop as a try', async () => {
    for (let stop = 1; stop <= 5; stop++) {
      const performer = rig.performer();
      await performer.look(address);
      await called(stop);
      await performer.stop();
    }
    const { state, attempts, stops } = await rig.run();
    assert.deepEqual([state, attempts, stops], ['queued', 5, 5]);
    for (let attempt = 6; attempt <= 8; attempt++) {
      await rig.performer().look(address);
      (await called(attempt)).fail(new RetryLater('The model is busy.', rig.clock.now_ms() + 10));
      await inState(attempt < 8 ? 'queued' : 'failed');
      rig.clock.pass(10);
    }
  });

  it('gives back a run that it was claiming when it was stopped', async () => {
    const performer = rig.performer();
    const looking = performer.look(address);
    await performer.stop();
    await looking;
    assert.equal((await rig.run()).state, 'queued');
    assert.equal(rig.calls.length, 0);
  });

  it('files once the database answers again, without doing the work twice', async () => {
    const { performer, kill, revive, refused } = rig.mortal();
    await performer.look(address);
    const call = await called();
    kill();
    call.answer(outcome);
    await eventually(async () => assert.ok(refused() > 0));
    revive();
    rig.clock.pass(1_000);
    await inState('succeeded');
    assert.equal(rig.calls.length, 1);
  });
});
