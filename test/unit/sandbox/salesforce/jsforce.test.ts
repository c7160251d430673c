import assert from 'node:assert/strict';
import type { Connection } from 'jsforce';
import { orgA, orgB, startTiny, type Tiny } from './start-tiny.ts';

interface Failure {
  success: false;
  errors: { statusCode: string; message: string; fields: string[] }[];
}

describe('the Salesforce stand-in, driven by jsforce', () => {
  let tiny: Tiny;
  let hub: Connection;

  before(async () => {
    tiny = await startTiny();
    hub = await tiny.connect(orgA.integration);
  });
  after(() => tiny.stop());

  it('logs in with client credentials and knows who it is', async () => {
    assert.equal(hub.instanceUrl, tiny.baseUrl);
    assert.match(hub.accessToken ?? '', /^00D5f000000SbA1!.{20,}/);
    const identity = await hub.identity();
    assert.equal(identity.organization_id, orgA.orgId);
    assert.equal(identity.user_id, hub.userInfo?.id);
    assert.deepEqual(tiny.salesforce.session(hub.accessToken ?? ''), { orgId: orgA.orgId, userId: identity.user_id });
  });

  it('creates, reads, updates and deletes a row', async () => {
    const made = await hub.sobject('Account').create({ Name: 'Made', Website: 'https://made.example' });
    assert.ok(made.success);
    assert.match(made.id, /^001[A-Za-z0-9]{15}$/);
    assert.deepEqual(await hub.sobject('Account').update({ Id: made.id, Name: 'Changed' }), {
      id: made.id,
      success: true,
      errors: [],
    });
    const row = await hub.sobject('Account').retrieve(made.id);
    assert.equal(row['Name'], 'Changed');
    assert.equal(row['Website'], 'https://made.example');
    await hub.sobject('Account').destroy(made.id);
    await assert.rejects(hub.sobject('Account').retrieve(made.id), { errorCode: 'NOT_FOUND' });
  });

  it('writes collections, one answer a row', async () => {
    const [good, bad] = (await hub
      .sobject('Contact')
      .create([{ LastName: 'One' }, { FirstName: 'No last name' }])) as unknown as [
      { success: true; id: string },
      Failure,
    ];
    assert.equal(good.success, true);
    assert.equal(bad.success, false);
    assert.equal(bad.errors[0]?.statusCode, 'REQUIRED_FIELD_MISSING');
    const rows = await hub.sobject('Contact').retrieve([good.id], { fields: ['Name'] });
    assert.equal(rows[0]?.['Name'], 'One');
  });

  it('takes all rows back when one is refused and allOrNone is set', async () => {
    const before = await hub.query('SELECT COUNT() FROM Contact');
    const results = (await hub.sobject('Contact').create([{ LastName: 'Two' }, { FirstName: 'None' }], {
      allOrNone: true,
    })) as unknown as Failure[];
    assert.deepEqual(
      results.map((result) => result.errors[0]?.statusCode),
      ['ALL_OR_NONE_OPERATION_ROLLED_BACK', 'REQUIRED_FIELD_MISSING'],
    );
    assert.equal((await hub.query('SELECT COUNT() FROM Contact')).totalSize, before.totalSize);
  });

  // Message as in sorenkrabbe/Chrome-Salesforce-inspector issue 134. jsforce does not slice unless told to.
  it('refuses 201 records in one collection call', async () => {
    const many = Array.from({ length: 201 }, (_, index) => ({ LastName: `Many ${index}` }));
    await assert.rejects(hub.sobject('Contact').create(many), { errorCode: 'EXCEEDED_ID_LIMIT' });
  });

  it('pages a query by 2,000 or by the asked batch size', async () => {
    for (let slice = 0; slice < 11; slice += 1) {
      const rows = Array.from({ length: 200 }, (_, index) => ({ LastName: `Page ${slice}-${index}`, Title: 'paged' }));
      await hub.sobject('Contact').create(rows);
    }
    const soql = "SELECT Id FROM Contact WHERE Title = 'paged'";
    const first = await hub.query(soql);
    assert.deepEqual([first.totalSize, first.done, first.records.length], [2200, false, 2000]);
    const rest = await hub.queryMore(first.nextRecordsUrl ?? '');
    assert.deepEqual([rest.done, rest.records.length], [true, 200]);
    const all = await hub.query(soql, {
      autoFetch: true,
      maxFetch: 5000,
      headers: { 'Sforce-Query-Options': 'batchSize=300' },
    });
    assert.equal(new Set(all.records.map((record) => record.Id)).size, 2200);
  });

  it('upserts by external id: created, then updated, singly and in a collection', async () => {
    const key = 'Rapport_Id__c';
    const one = await hub.sobject('Account').upsert({ [key]: 'acc-1', Name: 'Up' }, key);
    const again = await hub.sobject('Account').upsert({ [key]: 'ACC-1', Name: 'Up again' }, key);
    assert.deepEqual([one.created, again.created, again.id], [true, false, one.id]);
    const many = await hub.sobject('Account').upsert(
      [
        { [key]: 'acc-1', Name: 'Thrice' },
        { [key]: 'acc-2', Name: 'New' },
      ],
      key,
    );
    assert.deepEqual(
      many.map((result) => [result.success, result.created]),
      [
        [true, false],
        [true, true],
      ],
    );
  });

  it('reads the usage header and the limits', async () => {
    await hub.query('SELECT COUNT() FROM Account');
    const { used, limit } = hub.limitInfo?.apiUsage ?? {};
    assert.equal(limit, 100_000);
    assert.ok((used ?? 0) > 1);
    const limits = await hub.limits();
    assert.equal(limits['DailyApiRequests']?.Max, 100_000);
  });

  it('lists what was updated and deleted in a span', async () => {
    const made = await hub.sobject('Lead').create({ LastName: 'Gone', Company: 'Gone Ltd' });
    const [start, end] = [new Date(Date.now() - 3_600_000), new Date(Date.now() + 120_000)];
    const updated = await hub.sobject('Lead').updated(start.toISOString(), end.toISOString());
    assert.deepEqual(updated.ids, [made.id]);
    await hub.sobject('Lead').destroy(made.id as string);
    const deleted = await hub.sobject('Lead').deleted(start.toISOString(), end.toISOString());
    assert.deepEqual(
      deleted.deletedRecords.map((record) => record.id),
      [made.id],
    );
    assert.deepEqual((await hub.sobject('Lead').updated(start.toISOString(), end.toISOString())).ids, []);
  });

  it('keeps orgs apart although their rows have the same ids', async () => {
    const other = await tiny.connect(orgB.integration);
    const [mine] = (await hub.query<{ Id: string }>("SELECT Id FROM Account WHERE Name = 'Acme Pumps'")).records;
    const [theirs] = (await other.query<{ Id: string }>("SELECT Id FROM Account WHERE Name = 'Acme Pumps'")).records;
    assert.equal(mine?.Id, theirs?.Id);
    await hub.sobject('Account').update({ Id: mine?.Id as string, Name: 'Acme Mine' });
    assert.equal((await other.sobject('Account').retrieve(theirs?.Id as string))['Name'], 'Acme Pumps');
  });
});
