import assert from 'node:assert/strict';
import { Rejected, RetryLater } from '../../../../protocol/errors.ts';
import { openJobRig, type JobRig } from './job-rig.ts';

describe('hub/sync writes by job', () => {
  let on: JobRig;
  beforeEach(async () => {
    on = await openJobRig();
  });
  afterEach(() => on.close());

  it('more rows than calls are good for go by one job, are left alone while it runs, and are read back when it is over', async () => {
    const ids = await on.toMake(6);
    const next_ms = await on.deliver();
    assert.deepEqual(
      [...on.jobs.made.values()].map(({ rows }) => rows.length),
      [6],
    );
    assert.ok(next_ms !== undefined && next_ms <= on.rig.clock.now_ms());
    await on.settled(5, 60_000);
    assert.deepEqual([on.writtenByCalls(), on.rig.reads], [[], []], 'nothing is sent or read while nobody knows');
    assert.equal((await on.opened(ids)).length, 6);
    on.jobs.run('job-1');
    await on.settled();
    const links = await on.linksOf(ids);
    assert.deepEqual(
      links.map((link) => String(link.externalId)).toSorted(),
      ids.map((id) => `made-${id}`),
    );
    assert.ok(links.every((link) => link.base?.['name'] !== undefined && link.deliverAt_ms === null));
    assert.deepEqual([await on.opened(ids), on.writtenByCalls(), on.jobs.made.size], [[], [], 1]);
    assert.equal(await on.rig.tx((tx) => tx.cursor('hs', 'write-job')), undefined);
  });

  it('fewer go by calls', async () => {
    await on.toMake(3);
    await on.deliver();
    assert.deepEqual([on.jobs.made.size, on.rig.writes.length], [0, 3]);
  });

  it('each outcome is its row’s own: what is refused is parked, what was not touched goes by calls', async () => {
    const ids = await on.toMake(6);
    on.jobs.fate = (row) => {
      if (row.recordId === ids[1]) return new Rejected('No such country', { code: 'BAD' });
      return row.recordId === ids[2]
        ? new RetryLater('The job ended before this row.', on.rig.clock.now_ms())
        : undefined;
    };
    await on.deliver();
    on.jobs.run('job-1');
    await on.settled();
    const parked = await on.rig.tx((tx) => tx.parkedOf(ids));
    assert.deepEqual(
      parked.map(({ recordId, cause, detail }) => [recordId, cause, detail]),
      [[ids[1], 'refused', 'No such country']],
    );
    assert.equal(on.rig.writes.length, 1);
    assert.equal(on.rig.writes[0]?.fields['name'], 'New 2');
    assert.equal((await on.linksOf(ids)).filter((link) => link.externalId !== null).length, 5);
  });

  it('what a job cannot carry goes by calls', async () => {
    await on.toMake(7, 'Odd');
    await on.deliver();
    assert.equal(on.jobs.made.get('job-1')?.rows.length, 6);
    await on.deliver();
    assert.deepEqual(
      on.rig.writes.map(({ fields }) => fields['name']),
      ['Unfit'],
    );
  });

  it('a cut before the job has its rows: it is ended, its rows are read back, and each is made once', async () => {
    const ids = await on.toMake(6);
    on.jobs.onSend = () => Promise.reject(new Error('cut'));
    await on.deliver(0);
    assert.notEqual(await on.rig.tx((tx) => tx.cursor('hs', 'write-job')), undefined, 'its id was stored before');
    on.jobs.onSend = async () => undefined;
    await on.deliver(30_000);
    assert.equal(on.jobs.made.get('job-1')?.state, 'unsent', 'another process may be at it still');
    on.rig.clock.set(on.rig.clock.now_ms() + 6 * 60_000);
    await on.settled(12, 15_000);
    assert.equal(on.jobs.made.get('job-1')?.state, 'over');
    assert.deepEqual([on.rig.writes.length, on.rig.rows.size, await on.opened(ids)], [6, 6, []]);
  });

  it('a cut after the job was started: its outcomes are fetched by its id, and nothing is sent again', async () => {
    const ids = await on.toMake(6);
    on.jobs.afterSend = () => Promise.reject(new Error('cut'));
    await on.deliver(10_000);
    on.jobs.afterSend = async () => undefined;
    on.jobs.run('job-1');
    await on.settled();
    assert.deepEqual([on.rig.writes.length, on.rig.rows.size, on.jobs.made.size, await on.opened(ids)], [0, 6, 1, []]);
  });

  it('a job that the vendor has forgotten: its rows are read back, and only what is not there is sent', async () => {
    const ids = await on.toMake(6);
    await on.deliver();
    on.jobs.run('job-1');
    on.rig.rows.delete(`companies:made-${ids[0]}`);
    const job = on.jobs.made.get('job-1');
    assert.ok(job);
    job.state = 'gone';
    await on.settled(14, 15_000);
    assert.deepEqual(
      [on.rig.writes.map(({ fields }) => fields['name']), on.rig.rows.size, await on.opened(ids)],
      [['New 0'], 6, []],
    );
  });

  it('a change here of a row that a job is making waits for the job, and follows', async () => {
    const ids = await on.toMake(6);
    await on.deliver();
    await on.rig.tx(async (tx) => {
      const [record] = await tx.lockRecords([String(ids[2])]);
      assert.ok(record);
      await tx.saveRecords([{ record: { ...record, fields: { ...record.fields, name: 'Changed' } }, matchKeys: [] }]);
      const links = await tx.linksOfRecords([record.id]);
      await tx.saveLinks(links.map((link) => ({ ...link, deliverAt_ms: on.rig.clock.now_ms() })));
    });
    await on.settled(3);
    assert.deepEqual([on.rig.writes, on.rig.reads], [[], []]);
    on.jobs.run('job-1');
    await on.settled(12, 15_000);
    assert.equal(on.rig.rows.get(`companies:made-${ids[2]}`)?.fields['name'], 'Changed');
    assert.deepEqual([on.writtenByCalls(), await on.opened(ids)], [[`made-${ids[2]}`], []]);
  });

  it('the longer a job takes, the seldomer its rows are looked at', async () => {
    const ids = await on.toMake(6);
    await on.deliver();
    await on.settled(2, 600_000);
    const links = await on.linksOf(ids);
    const now_ms = on.rig.clock.now_ms();
    assert.ok(links.every(({ deliverAt_ms }) => (deliverAt_ms ?? 0) > now_ms));
    on.jobs.run('job-1');
    await on.settled(3, 60_000);
    assert.deepEqual(await on.opened(ids), []);
  });

  it('rows that are there go by calls, however many: a person may edit them while a job waits', async () => {
    const names = ['1', '2', '3', '4', '5'];
    for (const id of names) on.rig.put('companies', id, { name: `Company ${id}`, domain: `c${id}.example` });
    await on.rig.observe('companies', ...names);
    for (const id of names) await on.rig.changeHere('companies', id, { name: `Changed ${id}` });
    await on.polled();
    await on.deliver();
    assert.deepEqual([on.jobs.made.size, on.writtenByCalls().toSorted()], [0, names]);
  });

  it('a job makes what is to be made, whatever else is due before', async () => {
    const names = Array.from({ length: 12 }, (_, at) => String(at + 1));
    for (const id of names) on.rig.put('companies', id, { name: `Company ${id}`, domain: `c${id}.example` });
    await on.rig.observe('companies', ...names);
    for (const id of names) await on.rig.changeHere('companies', id, { name: `Changed ${id}` });
    on.rig.clock.set(on.rig.clock.now_ms() + 1_000);
    await on.toMake(6);
    await on.polled();
    await on.deliver();
    assert.equal(on.jobs.made.get('job-1')?.rows.length, 6);
    assert.equal(on.rig.writes.length, 12);
  });

  it('where the vendor gives no job the rows go by calls', async () => {
    const ids = await on.toMake(6);
    on.jobs.make = () => Promise.reject(new Rejected('No more jobs today', { code: 'LIMIT' }));
    await on.settled(3);
    assert.deepEqual([on.rig.writes.length, await on.opened(ids)], [6, []]);
  });
});
