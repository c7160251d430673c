import assert from 'node:assert/strict';
import type { RowChange } from '../../../../sandbox/salesforce/row-change.ts';
import { orgA, startTiny, type Tiny } from './start-tiny.ts';

const base = '/services/data/v67.0';

describe('what the Salesforce stand-in publishes', () => {
  let tiny: Tiny;
  let hub: string;
  let person: string;

  const last = (): RowChange[] => tiny.transactions.at(-1) ?? [];
  async function create(token: string, type: string, body: unknown, headers = {}): Promise<string> {
    const answer = await tiny.call(token, 'POST', `${base}/sobjects/${type}`, body, headers);
    assert.equal(answer.status, 201, JSON.stringify(answer.body));
    return (answer.body as { id: string }).id;
  }

  beforeEach(async () => {
    tiny = await startTiny();
    hub = await tiny.token(orgA.integration);
    person = await tiny.token(orgA.person);
  });
  afterEach(() => tiny.stop());

  it('publishes nothing for seeded rows', () => {
    assert.deepEqual(tiny.transactions, []);
  });

  it('names the values of a new row, without those that change events leave out', async () => {
    const id = await create(person, 'Contact', { LastName: 'New', Title: 'Boss', Phone: null });
    const [change] = last();
    assert.deepEqual([change?.changeType, change?.entity, change?.recordId], ['CREATE', 'Contact', id]);
    assert.equal(change?.fields['Title'], 'Boss');
    assert.ok('OwnerId' in (change?.fields ?? {}) && 'CreatedDate' in (change?.fields ?? {}));
    for (const absent of ['Id', 'Phone', 'SystemModstamp', 'IsDeleted'])
      assert.ok(!(absent in (change?.fields ?? {})), absent);
  });

  // Change Data Capture guide: header field changeOrigin is `com/salesforce/api/<api>/<version>;client=<id>`.
  it("carries the app's client in changeOrigin, and nothing for a person", async () => {
    await create(hub, 'Account', { Name: 'h' }, { 'Sforce-Call-Options': 'client=Rapport' });
    assert.equal(last()[0]?.changeOrigin, 'com/salesforce/api/rest/67.0;client=Rapport');
    await create(hub, 'Account', { Name: 'h' });
    assert.equal(last()[0]?.changeOrigin, 'com/salesforce/api/rest/67.0');
    await create(person, 'Account', { Name: 'p' }, { 'Sforce-Call-Options': 'client=Rapport' });
    assert.equal(last()[0]?.changeOrigin, '');
    assert.equal(last()[0]?.commitUser, tiny.salesforce.session(person)?.userId);
  });

  it('names only what changed, null for what was emptied, and what the platform derived', async () => {
    const id = await create(person, 'Opportunity', {
      Name: 'D',
      StageName: 'Prospecting',
      CloseDate: '2026-12-01',
      Amount: 100,
      NextStep: 'x',
    });
    await tiny.call(person, 'PATCH', `${base}/sobjects/Opportunity/${id}`, {
      StageName: 'Closed Won',
      NextStep: '',
      Amount: 100,
    });
    const { LastModifiedDate, LastStageChangeDate, ...fields } = last()[0]?.fields ?? {};
    assert.deepEqual(fields, {
      StageName: 'Closed Won',
      NextStep: null,
      IsClosed: true,
      IsWon: true,
      Probability: 100,
      ForecastCategory: 'Closed',
      ForecastCategoryName: 'Closed',
      ExpectedRevenue: 100,
    });
    assert.match(String(LastModifiedDate), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000\+0000$/);
    assert.equal(LastStageChangeDate, LastModifiedDate);
  });

  it('tells of a write that changed no value by its date alone', async () => {
    const id = await create(person, 'Account', { Name: 'Same' });
    await tiny.call(person, 'PATCH', `${base}/sobjects/Account/${id}`, { Name: 'Same' });
    assert.deepEqual(Object.keys(last()[0]?.fields ?? {}), ['LastModifiedDate']);
  });

  it('numbers the changes of one collection as one transaction', async () => {
    const records = ['a', 'b', 'c'].map((Name) => ({ attributes: { type: 'Account' }, Name }));
    await tiny.call(person, 'POST', `${base}/composite/sobjects`, {
      records: [...records, { attributes: { type: 'Account' } }],
    });
    assert.deepEqual(
      last().map((change) => change.sequenceNumber),
      [1, 2, 3],
    );
    assert.equal(new Set(last().map((change) => change.transactionKey)).size, 1);
  });

  it('publishes nothing that was rolled back', async () => {
    const records = [{ attributes: { type: 'Account' }, Name: 'a' }, { attributes: { type: 'Account' } }];
    await tiny.call(person, 'POST', `${base}/composite/sobjects`, { records, allOrNone: true });
    assert.deepEqual(tiny.transactions, []);
  });

  // Object reference: deleting an account takes contacts and opportunities along; undelete brings them back.
  it('deletes and undeletes a row with its children', async () => {
    const accountId = await create(person, 'Account', { Name: 'Parent' });
    const contactId = await create(person, 'Contact', { LastName: 'Child', AccountId: accountId });
    await tiny.call(person, 'DELETE', `${base}/sobjects/Account/${accountId}`);
    assert.deepEqual(
      last().map((change) => [change.changeType, change.recordId]),
      [
        ['DELETE', accountId],
        ['DELETE', contactId],
      ],
    );
    assert.equal((await tiny.call(person, 'GET', `${base}/sobjects/Contact/${contactId}`)).status, 404);
    const answer = await tiny.call(person, 'POST', '/_ui/undelete', { ids: [accountId] });
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
    assert.deepEqual(
      last().map((change) => [change.changeType, change.recordId, change.changeOrigin]),
      [
        ['UNDELETE', accountId, ''],
        ['UNDELETE', contactId, ''],
      ],
    );
    assert.equal((await tiny.call(person, 'GET', `${base}/sobjects/Contact/${contactId}`)).status, 200);
  });

  it('empties a plain lookup when its parent is deleted', async () => {
    const deal = await create(person, 'Opportunity', { Name: 'D', StageName: 'Prospecting', CloseDate: '2026-12-01' });
    const report = await create(hub, 'Research_Report__c', { Name: 'R', Opportunity__c: deal, Rapport_Id__c: 'r1' });
    assert.match(report, /^a00/);
    await tiny.call(person, 'DELETE', `${base}/sobjects/Opportunity/${deal}`);
    const change = last().find((one) => one.entity === 'Research_Report__c');
    assert.deepEqual([change?.changeType, change?.fields['Opportunity__c']], ['UPDATE', null]);
  });

  it('keeps one primary contact role', async () => {
    const soql = 'SELECT Id, OpportunityId, ContactId, IsPrimary FROM OpportunityContactRole ORDER BY IsPrimary DESC';
    const read = async () =>
      (
        (await tiny.call(person, 'GET', `${base}/query?q=${encodeURIComponent(soql)}`)).body as {
          records: { Id: string; IsPrimary: boolean }[];
        }
      ).records;
    const [first, second] = await read();
    await tiny.call(person, 'PATCH', `${base}/sobjects/OpportunityContactRole/${second?.Id}`, { IsPrimary: true });
    const [primary, other] = await read();
    assert.deepEqual(
      [primary?.Id, primary?.IsPrimary, other?.Id, other?.IsPrimary],
      [second?.Id, true, first?.Id, false],
    );
  });

  it('raises the last activity by a closed task without a change event', async () => {
    const soql = 'SELECT Id, LastActivityDate FROM Opportunity LIMIT 1';
    const read = async () =>
      (
        (await tiny.call(person, 'GET', `${base}/query?q=${encodeURIComponent(soql)}`)).body as {
          records: { Id: string; LastActivityDate: string }[];
        }
      ).records[0];
    const deal = await read();
    assert.equal(deal?.LastActivityDate, '2026-11-01');
    await create(person, 'Task', {
      Subject: 'Call',
      Status: 'Completed',
      ActivityDate: '2026-11-20',
      WhatId: deal?.Id,
    });
    assert.equal((await read())?.LastActivityDate, '2026-11-20');
    assert.deepEqual(
      last().map((change) => change.entity),
      ['Task'],
    );
  });
});
