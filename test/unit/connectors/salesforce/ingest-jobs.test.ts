import assert from 'node:assert/strict';
import type { JobOutcome, RowWrite, WriteJobs } from '../../../../protocol/crm-connector.ts';
import { Rejected, RetryLater } from '../../../../protocol/errors.ts';
import { eventually } from '../../../kit/eventually.ts';
import { errorOf, newRow, openOrg, purpose, type OrgApi } from './org-api.ts';

describe('Salesforce writes by job', function () {
  this.timeout(40_000);
  let org: OrgApi;
  let jobs: WriteJobs;
  before(async () => {
    org = await openOrg();
    assert.ok(org.api.writeJobs);
    jobs = org.api.writeJobs;
  });
  afterEach(() => org.tiny.faults.clear());
  after(() => org.stop());

  const run = async (rows: readonly RowWrite[]): Promise<Map<string, JobOutcome>> => {
    const job = await jobs.make('Account', 'Rapport_Id__c', purpose);
    await jobs.send(job, 'Account', 'Rapport_Id__c', rows, purpose);
    return outcomes(job);
  };
  const outcomes = async (job: string): Promise<Map<string, JobOutcome>> => {
    await eventually(async () => assert.equal(await jobs.state(job, 'Account', purpose), 'over'), 15_000);
    const found = new Map<string, JobOutcome>();
    for await (const page of jobs.outcomes(job, 'Account', 'Rapport_Id__c', purpose))
      for (const one of page) found.set(one.recordId, one);
    return found;
  };

  it('creates rows as upserts on our id, and tells of each what became of it', async () => {
    const rows = Array.from({ length: 450 }, (_, at) =>
      newRow(`j-${at}`, { Name: `Job, "${at}"`, Phone: at % 2 ? '1' : null }),
    );
    const found = await run([...rows, newRow('j-bad', { Name: 'x'.repeat(300) })]);
    assert.equal(found.size, 451);
    const refused = errorOf(found.get('j-bad')?.outcome);
    assert.ok(refused instanceof Rejected, String(refused));
    assert.deepEqual([refused.code, refused.field], ['STRING_TOO_LONG', 'Name']);
    const read = await org.api.readByRecordId('Account', 'Rapport_Id__c', ['j-7', 'j-8'], ['Name', 'Phone'], purpose);
    assert.deepEqual(
      read.map(({ fields }) => [fields['Name'], fields['Phone']]),
      [
        ['Job, "7"', '1'],
        ['Job, "8"', null],
      ],
    );
    const again = await run(rows);
    const ids = (all: Map<string, JobOutcome>): unknown[] =>
      rows.map(({ recordId }) => {
        const outcome = all.get(recordId)?.outcome;
        return outcome?.status === 'ok' ? outcome.externalId : undefined;
      });
    assert.deepEqual(ids(again), ids(found), 'a repeat creates nothing');
  });

  it('says unsent of a job that was never started, and ends it for good', async () => {
    const job = await jobs.make('Account', 'Rapport_Id__c', purpose);
    assert.equal(await jobs.state(job, 'Account', purpose), 'unsent');
    await jobs.abandon(job, 'Account', purpose);
    await assert.rejects(jobs.send(job, 'Account', 'Rapport_Id__c', [newRow('a-1', { Name: 'A' })], purpose));
    assert.equal(await jobs.state('750000000000000AAA', 'Account', purpose), 'gone');
  });

  it('a job that breaks off: what it did not touch is tried later', async () => {
    org.tiny.faults.arm({ name: 'bulk.fail', match: { kind: 'ingest', processed: '200' } });
    const rows = Array.from({ length: 450 }, (_, at) => newRow(`b-${at}`, { Name: `Broken ${at}` }));
    const found = await run(rows);
    const later = [...found.values()].filter(({ outcome }) => errorOf(outcome) instanceof RetryLater);
    assert.deepEqual([found.size, later.length], [450, 250]);
  });

  it('carries no more bytes than an upload takes, and sends many', async () => {
    const rows = Array.from({ length: 2_500 }, (_, at) =>
      newRow(`s-${at}`, { Name: `Ö ${at}`, Description: 'é'.repeat(15_000) }),
    );
    const carried = jobs.carries(rows);
    assert.ok(carried.length > 1_400 && carried.length < 1_500, String(carried.length));
    const some = carried.slice(0, 300);
    const found = await run(some);
    assert.deepEqual([found.size, [...found.values()].filter(({ outcome }) => outcome.status !== 'ok')], [300, []]);
  });

  it('carries no set, no text that CSV would take for null, and none that is too long', () => {
    const takes = (fields: RowWrite['fields']): boolean => jobs.carries([newRow('t', fields)]).length === 1;
    assert.deepEqual(
      [
        takes({ Name: 'N/A', Phone: null, Fax: '' }),
        takes({ Name: '#N/A' }),
        takes({ Description: 'x'.repeat(32_001) }),
        takes({ contactRoles: ['003'] }),
      ],
      [true, false, false, false],
    );
  });
});
