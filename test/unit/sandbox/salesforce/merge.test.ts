import assert from 'node:assert/strict';
import type { RowChange } from '../../../../sandbox/salesforce/row-change.ts';
import { orgA, startTiny, type Tiny } from './start-tiny.ts';

const base = '/services/data/v67.0';
type Rec = Record<string, unknown>;

describe('merge, delete and undelete in the Salesforce stand-in', () => {
  let tiny: Tiny;
  let person: string;
  let hub: string;

  beforeEach(async () => {
    tiny = await startTiny();
    person = await tiny.token(orgA.person);
    hub = await tiny.token(orgA.integration);
  });
  afterEach(() => tiny.stop());

  const last = (): RowChange[] => tiny.transactions.at(-1) ?? [];
  async function create(type: string, body: Rec, token = person): Promise<string> {
    const answer = await tiny.call(token, 'POST', `${base}/sobjects/${type}`, body);
    assert.equal(answer.status, 201, JSON.stringify(answer.body));
    return (answer.body as { id: string }).id;
  }
  const query = async (soql: string, all = false): Promise<Rec[]> => {
    const path = `${base}/${all ? 'queryAll' : 'query'}?q=${encodeURIComponent(soql)}`;
    return ((await tiny.call(person, 'GET', path)).body as { records: Rec[] }).records;
  };
  const merge = (masterId: string, mergeIds: string[], fields: Rec = {}) =>
    tiny.call(person, 'POST', '/_ui/merge', { masterId, mergeIds, fields });
  const errorOf = (answer: { body: unknown }): string => (answer.body as { errorCode: string }[])[0]?.errorCode ?? '';

  // Apex guide, Triggers and Merge Statements: one delete for all losers, one update for the winner, nothing for the re-parented.
  it('tells one deletion of the losers and one update of the master; the re-parented children are silent', async () => {
    const [master, one, two] = [
      await create('Account', { Name: 'Master' }),
      await create('Account', { Name: 'One', Phone: '1' }),
      await create('Account', { Name: 'Two' }),
    ];
    const contact = await create('Contact', { LastName: 'Child', AccountId: one });
    const deal = await create('Opportunity', {
      Name: 'Deal',
      AccountId: two,
      StageName: 'Prospecting',
      CloseDate: '2026-12-31',
    });
    const soql = `SELECT AccountId, SystemModstamp, LastModifiedDate FROM Contact WHERE Id = '${contact}'`;
    const [before] = await query(soql);
    tiny.clock.advance(60_000);
    const answer = await merge(master, [one, two], { Phone: '1' });
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
    assert.deepEqual(
      last().map((change) => [change.changeType, change.recordId, change.changeOrigin]),
      [
        ['DELETE', one, ''],
        ['DELETE', two, ''],
        ['UPDATE', master, ''],
      ],
    );
    assert.deepEqual(
      Object.keys(last()[2]?.fields ?? {}).sort((a, b) => a.localeCompare(b)),
      ['LastModifiedDate', 'Phone'],
    );
    const [after] = await query(soql);
    assert.equal(after?.['AccountId'], master);
    assert.equal(after?.['SystemModstamp'], before?.['SystemModstamp']);
    assert.equal(after?.['LastModifiedDate'], before?.['LastModifiedDate']);
    assert.equal((await query(`SELECT AccountId FROM Opportunity WHERE Id = '${deal}'`))[0]?.['AccountId'], master);
  });

  // SOAP API guide, merge(): all records merged since a point in time are found by queryAll with MasterRecordId != null.
  it('shows the losers to queryAll with MasterRecordId, and among the deleted', async () => {
    const [master, loser] = [await create('Contact', { LastName: 'M' }), await create('Contact', { LastName: 'L' })];
    await merge(master, [loser]);
    const soql =
      'SELECT Id, IsDeleted, MasterRecordId, MasterRecord.LastName FROM Contact WHERE MasterRecordId != null';
    const found = await query(soql, true);
    assert.deepEqual(
      found.map((one) => [one['Id'], one['IsDeleted'], one['MasterRecordId']]),
      [[loser, true, master]],
    );
    assert.deepEqual(await query(soql), []);
    const [start, end] = [-120_000, 120_000].map((by_ms) =>
      encodeURIComponent(new Date(Date.now() + by_ms).toISOString().replace('Z', '+00:00')),
    );
    const listed = await tiny.call(person, 'GET', `${base}/sobjects/Contact/deleted?start=${start}&end=${end}`);
    assert.deepEqual(
      (listed.body as { deletedRecords: { id: string }[] }).deletedRecords.map((one) => one.id),
      [loser],
    );
    const gone = await tiny.call(person, 'PATCH', `${base}/sobjects/Contact/${loser}`, { LastName: 'x' });
    assert.deepEqual([gone.status, errorOf(gone)], [404, 'ENTITY_IS_DELETED']);
  });

  it('frees the external id of the loser, and does not give it to the master', async () => {
    const master = await create('Account', { Name: 'M' });
    const loser = await create('Account', { Name: 'L', Rapport_Id__c: 'ours' }, hub);
    await merge(master, [loser]);
    const [row] = await query(`SELECT Rapport_Id__c FROM Account WHERE Id = '${master}'`);
    assert.equal(row?.['Rapport_Id__c'], null);
    const taken = await tiny.call(hub, 'PATCH', `${base}/sobjects/Account/${master}`, { Rapport_Id__c: 'ours' });
    assert.equal(taken.status, 204);
  });

  // SOAP API guide, undelete(): "records that were deleted as the result of a merge" come back, their child records do not.
  it('undeletes a loser without the children that went to the master', async () => {
    const [master, loser] = [await create('Account', { Name: 'M' }), await create('Account', { Name: 'L' })];
    const contact = await create('Contact', { LastName: 'C', AccountId: loser });
    await merge(master, [loser]);
    const back = await tiny.call(person, 'POST', '/_ui/undelete', { ids: [loser] });
    assert.equal(back.status, 200, JSON.stringify(back.body));
    assert.deepEqual(
      last().map((change) => [change.changeType, change.recordId]),
      [['UNDELETE', loser]],
    );
    const [row] = await query(`SELECT MasterRecordId FROM Account WHERE Id = '${loser}'`);
    assert.equal(row?.['MasterRecordId'], null);
    assert.equal((await query(`SELECT AccountId FROM Contact WHERE Id = '${contact}'`))[0]?.['AccountId'], master);
  });

  // Salesforce help, recycle bin: 15 days.
  it('undeletes nothing after 15 days', async () => {
    const id = await create('Account', { Name: 'Late' });
    await tiny.call(person, 'DELETE', `${base}/sobjects/Account/${id}`);
    tiny.clock.advance(16 * 86_400_000);
    const refused = await tiny.call(await tiny.token(orgA.person), 'POST', '/_ui/undelete', { ids: [id] });
    assert.equal(errorOf(refused), 'UNDELETE_FAILED');
  });

  it('refuses other objects, itself, more than three, mixed kinds, deleted and converted masters', async () => {
    const ids = await Promise.all(['a', 'b', 'c', 'd'].map((Name) => create('Account', { Name })));
    const [a = '', b = '', c = '', d = ''] = ids;
    assert.equal(errorOf(await merge(a, [a])), 'INVALID_ID_FIELD');
    assert.equal(errorOf(await merge(a, [b, c, d])), 'INVALID_ID_FIELD');
    const contact = await create('Contact', { LastName: 'x' });
    assert.equal(errorOf(await merge(a, [contact])), 'INVALID_ID_FIELD');
    const deal = { Name: 'D', StageName: 'Prospecting', CloseDate: '2026-12-31' };
    const deals = [await create('Opportunity', deal), await create('Opportunity', deal)];
    assert.equal(errorOf(await merge(deals[0] ?? '', [deals[1] ?? ''])), 'INVALID_TYPE');
    await tiny.call(person, 'DELETE', `${base}/sobjects/Account/${d}`);
    assert.equal(errorOf(await merge(d, [c])), 'ENTITY_IS_DELETED');
    assert.ok(
      tiny.transactions.every((changes) =>
        changes.every((change) => change.recordId !== c || change.changeType === 'CREATE'),
      ),
    );
    // Help article 005123891: a converted lead may lose a merge, not win it.
    const leads = [
      await create('Lead', { LastName: 'L', Company: 'X' }),
      await create('Lead', { LastName: 'L', Company: 'X' }),
    ];
    await tiny.call(person, 'POST', '/_ui/convert-lead', { leadId: leads[0] });
    assert.equal(errorOf(await merge(leads[0] ?? '', [leads[1] ?? ''])), 'CANNOT_UPDATE_CONVERTED_LEAD');
    assert.equal((await merge(leads[1] ?? '', [leads[0] ?? ''])).status, 200);
  });
});
