import assert from 'node:assert/strict';
import { Fault, RetryLater } from '../../../../protocol/errors.ts';
import { openJobRig, type JobRig } from './job-rig.ts';

describe('hub/sync write jobs that cannot be asked for', () => {
  let on: JobRig;
  beforeEach(async () => {
    on = await openJobRig();
  });
  afterEach(() => on.close());

  const faults = [new Fault('HTTP 403'), new RetryLater('The results take longer than they may.', 0)];
  for (const fault of faults)
    it(`a job that cannot be asked for stops nothing, and is given up in the end: ${fault.name}`, async () => {
      const ids = await on.toMake(6);
      await on.deliver();
      on.jobs.run('job-1');
      let asked = 0;
      on.jobs.abandon = () => Promise.reject(fault);
      on.jobs.state = () => {
        asked += 1;
        return Promise.reject(fault);
      };
      on.rig.put('companies', '1', { name: 'There', domain: 'there.example' });
      await on.rig.observe('companies', '1');
      await on.rig.changeHere('companies', '1', { name: 'Changed' });
      await on.deliver();
      assert.deepEqual([asked, on.writtenByCalls()], [1, ['1']]);
      await on.settled(4, 1_000);
      assert.ok(asked <= 2, 'not with every batch');
      await on.settled(30, 900_000);
      assert.deepEqual([asked, await on.opened(ids), on.rig.rows.size], [12, [], 7]);
      assert.equal(await on.rig.tx((tx) => tx.cursor('hs', 'write-job')), undefined);
    });

  it('results that fail once are asked for again, and what was settled stays so', async () => {
    const ids = await on.toMake(6);
    await on.deliver();
    on.jobs.run('job-1');
    let pages = 0;
    const outcomes = on.jobs.outcomes.bind(on.jobs);
    on.jobs.outcomes = async function* (job) {
      for await (const page of outcomes(job)) {
        pages += 1;
        if (pages === 4) throw new RetryLater('cut', 0);
        yield page;
      }
    };
    await on.deliver();
    assert.equal((await on.linksOf(ids)).filter((link) => link.externalId !== null).length, 3);
    await on.settled(12, 15_000);
    assert.deepEqual([await on.opened(ids), on.rig.writes, on.rig.rows.size], [[], [], 6]);
  });

  it('a result that cannot be stored is set apart, and the others of its page are settled', async () => {
    on.rig.put('companies', '1', { name: 'There', domain: 'there.example' });
    await on.rig.observe('companies', '1');
    const ids = await on.toMake(6);
    await on.deliver();
    on.jobs.run('job-1');
    // The vendor's id of a row that is another record's.
    on.jobs.outcomes = async function* () {
      yield ids.map((recordId, at) => ({
        recordId,
        outcome: { status: 'ok', externalId: at === 2 ? '1' : `made-${recordId}`, row: null },
      }));
    };
    await on.settled(12, 15_000);
    const parked = await on.rig.tx((tx) => tx.parkedOf(ids));
    assert.deepEqual(
      parked.map(({ recordId, cause }) => [recordId, cause]),
      [[ids[2], 'unreadable']],
    );
    assert.equal((await on.linksOf(ids)).filter((link) => link.externalId !== null).length, 5);
    assert.equal(await on.rig.tx((tx) => tx.cursor('hs', 'write-job')), undefined);
    assert.deepEqual([...new Set(on.writtenByCalls())], ['1'], 'what the job made is not sent again');
  });
});
