import assert from 'node:assert/strict';
import { orgA, orgB, startTiny, type Tiny } from '../start-tiny.ts';
import { BulkCaller } from './rig.ts';

// Source of what is not said otherwise: Bulk API 2.0 and Bulk API developer guide, Query.
describe('Bulk API 2.0 query jobs of the Salesforce stand-in', () => {
  let tiny: Tiny;
  let hub: BulkCaller;
  before(async () => {
    tiny = await startTiny();
    hub = new BulkCaller(tiny, await tiny.token(orgA.integration));
    await hub.accounts(2_500);
  });
  afterEach(() => tiny.faults.clear());
  after(() => tiny.stop());

  it('go through their states and say how many rows there are', async () => {
    const id = await hub.query('SELECT Id, Name FROM Account');
    const made = await hub.json('GET', `/jobs/query/${id}`);
    assert.ok(['UploadComplete', 'InProgress'].includes(String(made['state'])));
    assert.match(id, /^750/);
    const info = await hub.ended(`/jobs/query/${id}`);
    assert.deepEqual(
      [info['state'], info['object'], info['operation'], info['jobType'], info['numberRecordsProcessed']],
      ['JobComplete', 'Account', 'query', 'V2Query', 2_503],
    );
  });

  it('page by locator until the word null; each page has its head and its count (Get Results for a Query Job)', async () => {
    const id = await hub.query("SELECT Id, Name FROM Account WHERE Name LIKE 'Row%'");
    await hub.ended(`/jobs/query/${id}`);
    const seen: string[] = [];
    const counts: (string | null)[] = [];
    for (let locator: string | null = ''; locator !== 'null';) {
      const path = `/jobs/query/${id}/results?maxRecords=1000${locator ? `&locator=${locator}` : ''}`;
      const { headers, text } = await hub.raw('GET', path);
      const [head, ...rows] = text.trimEnd().split('\n');
      assert.equal(head, '"Id","Name"');
      seen.push(...rows);
      counts.push(headers.get('sforce-numberofrecords'));
      locator = headers.get('sforce-locator');
      assert.ok(locator);
    }
    assert.deepEqual(counts, ['1000', '1000', '500']);
    assert.equal(new Set(seen).size, 2_500);
    assert.deepEqual(await hub.refusal('GET', `/jobs/query/${id}/results?locator=OTk5OTk5`), [
      400,
      'INVALID_QUERY_LOCATOR',
    ]);
  });

  it('promise no order, since chunks of the primary key run side by side; ORDER BY does (SOQL considerations)', async () => {
    const idsOf = async (soql: string): Promise<string[]> => {
      const id = await hub.query(soql);
      await hub.ended(`/jobs/query/${id}`);
      return (await hub.lines(`/jobs/query/${id}/results`)).slice(1);
    };
    const free = await idsOf('SELECT Id FROM Account');
    assert.notDeepEqual(free, free.toSorted());
    assert.deepEqual(await idsOf('SELECT Id FROM Account ORDER BY Id'), free.toSorted());
  });

  it('write instants with Z, nothing for null, and parents by their path', async () => {
    const id = await hub.query('SELECT Account.Name, NextStep, Description, SystemModstamp, IsClosed FROM Opportunity');
    await hub.ended(`/jobs/query/${id}`);
    const [head, row] = await hub.lines(`/jobs/query/${id}/results`);
    assert.equal(head, '"Account.Name","NextStep","Description","SystemModstamp","IsClosed"');
    assert.match(row ?? '', /^"Acme Pumps","Call Jo","","\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z","false"$/);
  });

  it('refuse what Bulk queries do not have: OFFSET, aggregates, children, compound addresses', async () => {
    const codes = [];
    for (const query of [
      'SELECT Id FROM Account OFFSET 5',
      'SELECT COUNT() FROM Account',
      'SELECT Id, (SELECT Id FROM Contacts) FROM Account',
      'SELECT BillingAddress FROM Account',
      'SELECT Nope FROM Account',
    ])
      codes.push(await hub.refusal('POST', '/jobs/query', { operation: 'query', query }));
    assert.deepEqual(codes, [...Array.from({ length: 4 }, () => [400, 'API_ERROR']), [400, 'INVALID_FIELD']]);
    assert.deepEqual(await hub.refusal('POST', '/jobs/query', { operation: 'query', query: 'x', nope: 1 }), [
      400,
      'JSON_PARSER_ERROR',
    ]);
  });

  it('have no results before they are complete, nor after they failed or were aborted (INVALIDJOBSTATE)', async () => {
    tiny.faults.arm({ name: 'bulk.wait', times: 1_000 });
    const id = await hub.query('SELECT Id FROM Account');
    assert.deepEqual(await hub.refusal('GET', `/jobs/query/${id}/results`), [400, 'INVALIDJOBSTATE']);
    assert.deepEqual(await hub.refusal('DELETE', `/jobs/query/${id}`), [400, 'INVALIDJOBSTATE']);
    assert.equal((await hub.json('PATCH', `/jobs/query/${id}`, { state: 'Aborted' }))['state'], 'Aborted');
    assert.deepEqual(await hub.refusal('PATCH', `/jobs/query/${id}`, { state: 'Aborted' }), [400, 'INVALIDJOBSTATE']);
    tiny.faults.clear();
    tiny.faults.arm({ name: 'bulk.fail', match: { kind: 'query' } });
    const failed = await hub.query('SELECT Id FROM Account');
    assert.equal((await hub.ended(`/jobs/query/${failed}`))['state'], 'Failed');
    assert.deepEqual(await hub.refusal('GET', `/jobs/query/${failed}/results`), [400, 'INVALIDJOBSTATE']);
    assert.equal((await hub.raw('DELETE', `/jobs/query/${failed}`)).status, 204);
    assert.deepEqual(await hub.refusal('GET', `/jobs/query/${failed}`), [404, 'NOT_FOUND']);
  });

  it('are the org’s own, and gone after seven days', async () => {
    const id = await hub.query('SELECT Id FROM Account');
    const other = new BulkCaller(tiny, await tiny.token(orgB.integration));
    assert.deepEqual(await other.refusal('GET', `/jobs/query/${id}`), [404, 'NOT_FOUND']);
    tiny.clock.advance(7 * 86_400_000 + 1_000);
    const later = new BulkCaller(tiny, await tiny.token(orgA.integration));
    assert.deepEqual(await later.refusal('GET', `/jobs/query/${id}`), [404, 'NOT_FOUND']);
    tiny.clock.reset();
  });

  it('are 10,000 in 24 hours (limits cheat sheet; REST API guide, Limits: DailyBulkV2QueryJobs)', async () => {
    const { DailyBulkV2QueryJobs: jobs } = await hub.json('GET', '/limits');
    const { Max, Remaining } = jobs as { Max: number; Remaining: number };
    assert.deepEqual([Max, Remaining < Max], [10_000, true]);
    await tiny.call('', 'POST', '/_sandbox/limits', { orgId: orgA.orgId, dailyBulkQueryJobs: Max - Remaining });
    const query = { operation: 'query', query: 'SELECT Id FROM Account' };
    assert.deepEqual(await hub.refusal('POST', '/jobs/query', query), [400, 'LIMIT_EXCEEDED']);
    await tiny.call('', 'POST', '/_sandbox/limits', { orgId: orgA.orgId, dailyBulkQueryJobs: Max });
  });

  it('serve jsforce', async () => {
    const connection = await tiny.connect(orgA.integration);
    connection.bulk2.pollInterval = 20;
    const found = await (
      await connection.bulk2.query("SELECT Id, Name FROM Account WHERE Name LIKE 'Row 1%'")
    ).toArray();
    assert.equal(found.length, 1_111);
    assert.match(String((found[0] as { Name?: unknown }).Name), /^Row 1/);
  });
});
