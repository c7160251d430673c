import assert from 'node:assert/strict';
import { request } from 'node:http';
import { orgA, startTiny, type Tiny } from '../start-tiny.ts';
import { base, BulkCaller } from './rig.ts';

// Source of what is not said otherwise: Bulk API 2.0 and Bulk API developer guide, Ingest.
describe('Bulk API 2.0 ingest jobs of the Salesforce stand-in', () => {
  let tiny: Tiny;
  let hub: BulkCaller;
  before(async () => {
    tiny = await startTiny();
    hub = new BulkCaller(tiny, await tiny.token(orgA.integration));
  });
  afterEach(() => tiny.faults.clear());
  after(() => tiny.stop());

  const upsertJob = { object: 'Account', operation: 'upsert', externalIdFieldName: 'Rapport_Id__c' };
  const results = (id: string, what: string): Promise<string[]> => hub.lines(`/jobs/ingest/${id}/${what}`);

  it('do nothing until the upload is said to be complete, and take one upload', async () => {
    const { id, state, contentUrl } = await hub.json('POST', '/jobs/ingest', {
      object: 'Account',
      operation: 'insert',
    });
    assert.deepEqual([state, contentUrl], ['Open', `services/data/v67.0/jobs/ingest/${String(id)}/batches`]);
    const put = (): ReturnType<typeof hub.raw> =>
      hub.raw('PUT', `/jobs/ingest/${String(id)}/batches`, 'Name\nOne\n', { 'content-type': 'text/csv' });
    assert.equal((await put()).status, 201);
    assert.equal((await put()).status, 400);
    assert.equal(await hub.state(`/jobs/ingest/${String(id)}`), 'Open');
    assert.equal((await hub.json('PATCH', `/jobs/ingest/${String(id)}`, { state: 'Aborted' }))['state'], 'Aborted');
    assert.deepEqual(await hub.refusal('PATCH', `/jobs/ingest/${String(id)}`, { state: 'UploadComplete' }), [
      400,
      'INVALIDJOBSTATE',
    ]);
    assert.equal((await put()).status, 400);
  });

  it('upsert row by row: each row is in one of the three results, with what was uploaded', async () => {
    const csv = 'Rapport_Id__c,Name,Phone\nr-1,One,1\nr-2,,2\nr-3,"Three, and ""more""",3\nr-1,Again,4\n';
    const id = await hub.ingest(upsertJob, csv);
    const info = await hub.ended(`/jobs/ingest/${id}`);
    assert.deepEqual(
      [info['state'], info['numberRecordsProcessed'], info['numberRecordsFailed']],
      ['JobComplete', 4, 1],
    );
    const [head, ...good] = await results(id, 'successfulResults');
    assert.equal(head, '"sf__Id","sf__Created","Rapport_Id__c","Name","Phone"');
    assert.deepEqual(
      good.map((line) => line.split(',').slice(1).join(',')),
      ['"true","r-1","One","1"', '"true","r-3","Three, and ""more""","3"', '"false","r-1","Again","4"'],
    );
    assert.deepEqual(await results(id, 'failedResults'), [
      '"sf__Id","sf__Error","Rapport_Id__c","Name","Phone"',
      '"","REQUIRED_FIELD_MISSING:Required fields are missing: [Name]:Name --","r-2","","2"',
    ]);
    assert.deepEqual(await results(id, 'unprocessedrecords'), ['"Rapport_Id__c","Name","Phone"']);
  });

  it('leave alone what is empty, and clear what is #N/A (Prepare CSV Files)', async () => {
    await hub.ended(
      `/jobs/ingest/${await hub.ingest(upsertJob, 'Rapport_Id__c,Name,Phone,Website\nr-5,Five,5,five.example\n')}`,
    );
    await hub.ended(`/jobs/ingest/${await hub.ingest(upsertJob, 'Rapport_Id__c,Name,Phone,Website\nr-5,,#N/A,\n')}`);
    const row = await hub.json('GET', '/sobjects/Account/Rapport_Id__c/r-5?fields=Name,Phone,Website');
    assert.deepEqual([row['Name'], row['Phone'], row['Website']], ['Five', null, 'five.example']);
  });

  it('update and delete by id, and name a parent by its external id', async () => {
    const made = await hub.ingest(
      { object: 'Contact', operation: 'insert' },
      'LastName,Account.Rapport_Id__c\nBulk,r-5\n',
    );
    await hub.ended(`/jobs/ingest/${made}`);
    const [, line = ''] = await results(made, 'successfulResults');
    const contact = line.split(',')[0]?.replaceAll('"', '') ?? '';
    assert.notEqual((await hub.json('GET', `/sobjects/Contact/${contact}?fields=AccountId`))['AccountId'], null);
    const update = await hub.ingest(
      { object: 'Contact', operation: 'update' },
      `Id,Title\n${contact},Chief\n003000000000000AAA,x\n`,
    );
    assert.equal((await hub.ended(`/jobs/ingest/${update}`))['numberRecordsFailed'], 1);
    assert.equal((await hub.json('GET', `/sobjects/Contact/${contact}?fields=Title`))['Title'], 'Chief');
    await hub.ended(`/jobs/ingest/${await hub.ingest({ object: 'Contact', operation: 'delete' }, `Id\n${contact}\n`)}`);
    assert.deepEqual(await hub.refusal('GET', `/sobjects/Contact/${contact}`), [404, 'NOT_FOUND']);
  });

  it('fail whole for a column that the object does not have, and touch nothing (InvalidBatch)', async () => {
    const id = await hub.ingest(upsertJob, 'Rapport_Id__c,Name,Nope__c\nr-9,Nine,x\n');
    const info = await hub.ended(`/jobs/ingest/${id}`);
    assert.deepEqual(
      [info['state'], info['errorMessage']],
      ['Failed', 'InvalidBatch : Field name not found : Nope__c'],
    );
    assert.deepEqual(await results(id, 'unprocessedrecords'), ['"Rapport_Id__c","Name","Nope__c"', '"r-9","Nine","x"']);
    assert.deepEqual(await hub.refusal('GET', '/sobjects/Account/Rapport_Id__c/r-9'), [404, 'NOT_FOUND']);
  });

  it('that break off tell which rows they have not touched', async () => {
    tiny.faults.arm({ name: 'bulk.fail', match: { kind: 'ingest', processed: '200' } });
    const rows = Array.from({ length: 450 }, (_, at) => `b-${at},Broken ${at}`);
    const id = await hub.ingest(upsertJob, ['Rapport_Id__c,Name', ...rows].join('\n'));
    assert.equal((await hub.ended(`/jobs/ingest/${id}`))['state'], 'Failed');
    const done = (await results(id, 'successfulResults')).length - 1;
    const left = (await results(id, 'unprocessedrecords')).length - 1;
    assert.deepEqual([done, left], [200, 250]);
  });

  it('refuse an upload of more than 150 MB before they read it', async () => {
    const { id } = await hub.json('POST', '/jobs/ingest', upsertJob);
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const put = request(`${tiny.baseUrl}${base}/jobs/ingest/${String(id)}/batches`, {
        method: 'PUT',
        headers: {
          authorization: `Bearer ${hub.token}`,
          'content-type': 'text/csv',
          'content-length': String(150 * 1024 * 1024 + 1),
        },
      });
      put.on('response', (answer) => resolve(answer.statusCode)).on('error', reject);
      put.flushHeaders();
    });
    assert.equal(status, 413);
  });

  it('refuse an unknown object, and an upsert without its field', async () => {
    assert.deepEqual(await hub.refusal('POST', '/jobs/ingest', { object: 'Nope', operation: 'insert' }), [
      400,
      'INVALIDENTITY',
    ]);
    assert.deepEqual(await hub.refusal('POST', '/jobs/ingest', { object: 'Account', operation: 'upsert' }), [
      400,
      'INVALIDJOB',
    ]);
  });

  it('give triggers 200 rows at a time, each a transaction of its own', async () => {
    const rows = Array.from({ length: 1_000 }, (_, at) => `s-${at},Stored ${at}`);
    const id = await hub.ingest(upsertJob, ['Rapport_Id__c,Name', ...rows].join('\n'));
    const info = await hub.ended(`/jobs/ingest/${id}`);
    assert.deepEqual([info['state'], info['numberRecordsProcessed']], ['JobComplete', 1_000]);
    const stored = tiny.transactions.filter((changes) =>
      changes.some((one) => String(one.fields['Name']).startsWith('Stored')),
    );
    assert.deepEqual(
      stored.map((changes) => changes.length),
      Array<number>(5).fill(200),
    );
  });

  it('serve jsforce', async () => {
    const connection = await tiny.connect(orgA.integration);
    const loaded = await connection.bulk2.loadAndWaitForResults({
      object: 'Account',
      operation: 'insert',
      input: [{ Name: 'From jsforce' }, { Name: 'x'.repeat(300) }],
      pollInterval: 20,
    });
    assert.deepEqual(
      [loaded.successfulResults.length, loaded.failedResults.length, loaded.unprocessedRecords.length],
      [1, 1, 0],
    );
    assert.match(loaded.failedResults[0]?.sf__Error ?? '', /^STRING_TOO_LONG:/);
  });
});
