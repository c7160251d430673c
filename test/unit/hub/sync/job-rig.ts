import assert from 'node:assert/strict';
import { deliverBatch } from '../../../../hub/sync/deliver.ts';
import { newLink } from '../../../../hub/sync/new-record.ts';
import { readPosition, writePosition } from '../../../../hub/sync/poll-position.ts';
import type { JobOutcome, RowWrite, WriteJobs } from '../../../../protocol/crm-connector.ts';
import { Gone } from '../../../../protocol/errors.ts';
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

  carries = (rows: readonly RowWrite[]): RowWrite[] => rows.filter((row) => row.fields['name'] !== 'Unfit');
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

export type JobRig = Awaited<ReturnType<typeof openJobRig>>;

/** The engine's writing side at a vendor that has write jobs for more than 3 rows. */
export async function openJobRig() {
  const rig = await SyncRig.open();
  const jobs = new Jobs(rig);
  const api = await rig.deps.crm.api('a', 'hs');
  api.writeJobs = jobs;
  api.readByRecordId = async (object, idField, recordIds) =>
    [...rig.rows]
      .filter(([key, row]) => key.startsWith(`${object}:`) && recordIds.includes(String(row.fields[idField])))
      .map(([, row]) => row);

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

  await polled();
  return { rig, jobs, polled, toMake, deliver, settled, linksOf, opened, writtenByCalls, close: () => rig.close() };
}
