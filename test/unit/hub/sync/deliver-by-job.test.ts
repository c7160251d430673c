import assert from 'node:assert/strict';
import { deliverBatch } from '../../../../hub/sync/deliver.ts';
import { newLink } from '../../../../hub/sync/new-record.ts';
import { writePosition, readPosition } from '../../../../hub/sync/poll-position.ts';
import type { CrmApi, JobOutcome, RowWrite, WriteJobs } from '../../../../protocol/crm-connector.ts';
import { Gone, Rejected, RetryLater } from '../../../../protocol/errors.ts';
import { SyncRig } from './sync-rig.ts';

const address = { tenantId: 'a', installationId: 'hs', lane: 'deliver' } as const;

/** Jobs of a vendor in memory; a test runs them when it wants. */
class Jobs implements WriteJobs {
  readonly above = 3;
  readonly most = 10;
  readonly rig: SyncRig;
  readonly made = new Map<string, { state: 'unsent' | 'running' | 'over' | 'gone'; rows: RowWrite[] }>();
  /** Called when rows are given, before they are taken. */
  onSend = async (): Promise<void> => undefined;
  afterSend = async (): Promise<void> => undefined;
  fate = (_row: RowWrite): Error | undefined => undefined;

  constructor(rig: SyncRig) {
    this.rig = rig;
  }

  takes = (row: RowWrite): boolean => row.fields['name'] !== 'Unfit';
  make = async (): Promise<string> => {
    const id = `job-${this.made.size + 1}`;
    this.made.set(id, { state: 'unsent', rows: [] });
    return id;
  };
  send = async (job: string, _object: string, _idField: string, rows: readonly RowWrite[]): Promise<void> => {
    await this.onSend();
    const one = this.#job(job);
    one.rows = [...rows];
    one.state = 'running';
    await this.afterSend();
  };
  state = async (job: string) => this.#job(job).state;
  abandon = async (job: string): Promise<void> => {
    assert.equal(this.#job(job).state, 'unsent');
    this.#job(job).state = 'over';
    this.#job(job).rows = [];
  };
  async *outcomes(job: string): AsyncIterable<JobOutcome[]> {
    const { rows, state } = this.#job(job);
    if (state === 'gone') throw new Gone('forgotten');
    for (const row of rows) {
      const error = this.fate(row);
      const id = `made-${row.recordId}`;
      const outcome = error
        ? ({ status: 'failed', error } as const)
        : ({ status: 'ok', externalId: id, row: null } as const);
      yield [{ recordId: row.recordId, outcome }];
    }
  }

  /** The vendor does what it was given. */
  run(job: string): void {
    const one = this.#job(job);
    for (const row of one.rows.filter((each) => !this.fate(each))) {
      const id = `made-${row.recordId}`;
      const before = this.rig.rows.get(`companies:${id}`)?.fields;
      this.rig.put('companies', id, { ...before, ...row.fields }, { author: { kind: 'rapport', userId: null } });
    }
    one.state = 'over';
  }

  #job(id: string) {
    const one = this.made.get(id);
    assert.ok(one, `no job ${id}`);
    return one;
  }
}

describe('hub/sync writes by job', () => {
  let rig: Awaited<ReturnType<typeof SyncRig.open>>;
  let jobs: Jobs;
  let api: CrmApi;
  beforeEach(async () => {
    rig = await SyncRig.open();
    jobs = new Jobs(rig);
    api = await rig.deps.crm.api('a', 'hs');
    api.writeJobs = jobs;
    api.readByRecordId = async (object, idField, recordIds) =>
      [...rig.rows]
        .filter(([key, row]) => key.startsWith(`${object}:`) && recordIds.includes(String(row.fields[idField])))
        .map(([, row]) => row);
    await polled();
  });
  afterEach(() => rig.close());

  /** Nobody edited anything unseen. */
  const polled = (): Promise<void> =>
    rig.tx((tx) =>
      tx.saveCursor(
        'hs',
        'poll:companies',
        writePosition({ ...readPosition(undefined), wholeAt_ms: rig.clock.now_ms() }),
      ),
    );
  /** Companies that the account lacks, to be made there. */
  const toMake = async (count: number, name = 'New'): Promise<string[]> => {
    const ids = Array.from({ length: count }, (_, at) => `r-${name}-${at}`);
    await rig.tx(async (tx) => {
      const stamps = {};
      const record = (id: string, at: number) => ({
        id,
        kind: 'company' as const,
        fields: { name: at === 0 && name === 'Odd' ? 'Unfit' : `${name} ${at}`, domain: `${id.toLowerCase()}.example` },
        stamps,
        deletedAt_ms: null,
        mergedInto: null,
      });
      await tx.saveRecords(ids.map((id, at) => ({ record: record(id, at), matchKeys: [] })));
      const deliverAt_ms = rig.clock.now_ms();
      await tx.saveLinks(ids.map((id) => ({ ...newLink(`l-${id}`, id, 'hs', 'companies', null), deliverAt_ms })));
    });
    return ids;
  };
  const deliver = async (passes_ms = 1_000): Promise<number | undefined> => {
    const next_ms = await deliverBatch(rig.deps, address);
    rig.clock.set(rig.clock.now_ms() + passes_ms);
    await polled();
    return next_ms;
  };
  const settled = async (rounds = 12, passes_ms = 2_000): Promise<void> => {
    for (let round = 0; round < rounds; round += 1) await deliver(passes_ms);
  };
  const linksOf = (ids: readonly string[]) => rig.tx((tx) => tx.linksOfRecords(ids));
  const opened = async (ids: readonly string[]) =>
    rig.tx(async (tx) => tx.openWrites((await tx.linksOfRecords(ids)).map((link) => link.id)));
  const writtenByCalls = (): string[] => rig.writes.map(({ externalId }) => externalId);

  it('more rows than calls are good for go by one job, are left alone while it runs, and are read back when it is over', async () => {
    const ids = await toMake(6);
    const next_ms = await deliver();
    assert.deepEqual(
      [...jobs.made.values()].map(({ rows }) => rows.length),
      [6],
    );
    assert.ok(next_ms !== undefined && next_ms <= rig.clock.now_ms());
    await settled(5, 60_000);
    assert.deepEqual([writtenByCalls(), rig.reads], [[], []], 'nothing is sent or read while nobody knows');
    assert.equal((await opened(ids)).length, 6);
    jobs.run('job-1');
    await settled();
    const links = await linksOf(ids);
    assert.deepEqual(
      links.map((link) => String(link.externalId)).toSorted(),
      ids.map((id) => `made-${id}`),
    );
    assert.ok(links.every((link) => link.base?.['name'] !== undefined && link.deliverAt_ms === null));
    assert.deepEqual([await opened(ids), writtenByCalls(), jobs.made.size], [[], [], 1]);
    assert.equal(await rig.tx((tx) => tx.cursor('hs', 'write-job')), undefined);
  });

  it('fewer go by calls', async () => {
    await toMake(3);
    await deliver();
    assert.deepEqual([jobs.made.size, rig.writes.length], [0, 3]);
  });

  it('each outcome is its row’s own: what is refused is parked, what was not touched goes by calls', async () => {
    const ids = await toMake(6);
    jobs.fate = (row) => {
      if (row.recordId === ids[1]) return new Rejected('No such country', { code: 'BAD' });
      return row.recordId === ids[2] ? new RetryLater('The job ended before this row.', rig.clock.now_ms()) : undefined;
    };
    await deliver();
    jobs.run('job-1');
    await settled();
    const parked = await rig.tx((tx) => tx.parkedOf(ids));
    assert.deepEqual(
      parked.map(({ recordId, cause, detail }) => [recordId, cause, detail]),
      [[ids[1], 'refused', 'No such country']],
    );
    assert.equal(rig.writes.length, 1);
    assert.equal(rig.writes[0]?.fields['name'], 'New 2');
    assert.equal((await linksOf(ids)).filter((link) => link.externalId !== null).length, 5);
  });

  it('what a job cannot carry goes by calls', async () => {
    await toMake(7, 'Odd');
    await deliver();
    assert.equal(jobs.made.get('job-1')?.rows.length, 6);
    await deliver();
    assert.deepEqual(
      rig.writes.map(({ fields }) => fields['name']),
      ['Unfit'],
    );
  });

  it('a crash before the job has its rows: it is ended, its rows are read back, and each is made once', async () => {
    const ids = await toMake(6);
    jobs.onSend = () => Promise.reject(new Error('killed'));
    await assert.rejects(deliverBatch(rig.deps, address), /killed/);
    assert.notEqual(await rig.tx((tx) => tx.cursor('hs', 'write-job')), undefined, 'its id was stored before');
    jobs.onSend = async () => undefined;
    await deliver(30_000);
    assert.equal(jobs.made.get('job-1')?.state, 'unsent', 'another process may be at it still');
    rig.clock.set(rig.clock.now_ms() + 60_000);
    await settled(12, 15_000);
    assert.equal(jobs.made.get('job-1')?.state, 'over');
    assert.deepEqual([rig.writes.length, rig.rows.size, await opened(ids)], [6, 6, []]);
  });

  it('a crash after the job was started: its outcomes are fetched by its id, and nothing is sent again', async () => {
    const ids = await toMake(6);
    jobs.afterSend = () => Promise.reject(new Error('killed'));
    await assert.rejects(deliverBatch(rig.deps, address), /killed/);
    jobs.afterSend = async () => undefined;
    jobs.run('job-1');
    await settled();
    assert.deepEqual([rig.writes.length, rig.rows.size, jobs.made.size, await opened(ids)], [0, 6, 1, []]);
  });

  it('a job that the vendor has forgotten: its rows are read back, and only what is not there is sent', async () => {
    const ids = await toMake(6);
    await deliver();
    jobs.run('job-1');
    rig.rows.delete(`companies:made-${ids[0]}`);
    const job = jobs.made.get('job-1');
    assert.ok(job);
    job.state = 'gone';
    await settled(14, 15_000);
    assert.deepEqual(
      [rig.writes.map(({ fields }) => fields['name']), rig.rows.size, await opened(ids)],
      [['New 0'], 6, []],
    );
  });

  it('a change here of a row that a job is making waits for the job, and follows', async () => {
    const ids = await toMake(6);
    await deliver();
    await rig.tx(async (tx) => {
      const [record] = await tx.lockRecords([String(ids[2])]);
      assert.ok(record);
      await tx.saveRecords([{ record: { ...record, fields: { ...record.fields, name: 'Changed' } }, matchKeys: [] }]);
      const links = await tx.linksOfRecords([record.id]);
      await tx.saveLinks(links.map((link) => ({ ...link, deliverAt_ms: rig.clock.now_ms() })));
    });
    await settled(3);
    assert.deepEqual([rig.writes, rig.reads], [[], []]);
    jobs.run('job-1');
    await settled(12, 15_000);
    assert.equal(rig.rows.get(`companies:made-${ids[2]}`)?.fields['name'], 'Changed');
    assert.deepEqual([writtenByCalls(), await opened(ids)], [[`made-${ids[2]}`], []]);
  });

  it('rows that are there go by calls, however many: a person may edit them while a job waits', async () => {
    const names = ['1', '2', '3', '4', '5'];
    for (const id of names) rig.put('companies', id, { name: `Company ${id}`, domain: `c${id}.example` });
    await rig.observe('companies', ...names);
    for (const id of names) await rig.changeHere('companies', id, { name: `Changed ${id}` });
    await polled();
    await deliver();
    assert.deepEqual([jobs.made.size, writtenByCalls().toSorted()], [0, names]);
  });

  it('a job makes what is to be made, whatever else is due before', async () => {
    const names = Array.from({ length: 12 }, (_, at) => String(at + 1));
    for (const id of names) rig.put('companies', id, { name: `Company ${id}`, domain: `c${id}.example` });
    await rig.observe('companies', ...names);
    for (const id of names) await rig.changeHere('companies', id, { name: `Changed ${id}` });
    rig.clock.set(rig.clock.now_ms() + 1_000);
    await toMake(6);
    await polled();
    await deliver();
    assert.equal(jobs.made.get('job-1')?.rows.length, 6);
    assert.equal(rig.writes.length, 12);
  });

  it('where the vendor gives no job the rows go by calls', async () => {
    const ids = await toMake(6);
    jobs.make = () => Promise.reject(new Rejected('No more jobs today', { code: 'LIMIT' }));
    await settled(3);
    assert.deepEqual([rig.writes.length, await opened(ids)], [6, []]);
  });
});
