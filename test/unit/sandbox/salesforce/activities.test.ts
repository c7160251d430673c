import assert from 'node:assert/strict';
import type { RowChange } from '../../../../sandbox/salesforce/row-change.ts';
import { orgSchema } from '../../../../sandbox/salesforce/schema/org-schema.ts';
import { text } from '../../../../sandbox/salesforce/schema/field.ts';
import { orgA, startTiny, type Tiny } from './start-tiny.ts';

const base = '/services/data/v67.0';
type Rec = Record<string, unknown>;

describe('tasks, e-mails and contact roles in the Salesforce stand-in', () => {
  let tiny: Tiny;
  let hub: string;
  let deal: string;
  let contact: string;

  before(async () => {
    tiny = await startTiny();
    hub = await tiny.token(orgA.integration);
    [deal = '', contact = ''] = await Promise.all(
      ['Opportunity', 'Contact'].map(async (type) =>
        String((await query(`SELECT Id FROM ${type} LIMIT 1`))[0]?.['Id']),
      ),
    );
  });
  after(() => tiny.stop());

  const last = (): RowChange[] => tiny.transactions.at(-1) ?? [];
  const query = async (soql: string): Promise<Rec[]> => {
    const answer = await tiny.call(hub, 'GET', `${base}/query?q=${encodeURIComponent(soql)}`);
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
    return (answer.body as { records: Rec[] }).records;
  };
  const post = (type: string, body: Rec) => tiny.call(hub, 'POST', `${base}/sobjects/${type}`, body);
  async function create(type: string, body: Rec): Promise<string> {
    const answer = await post(type, body);
    assert.equal(answer.status, 201, JSON.stringify(answer.body));
    return (answer.body as { id: string }).id;
  }
  const errorOf = (answer: { body: unknown }): string => (answer.body as { errorCode: string }[])[0]?.errorCode ?? '';
  const mail = (more: Rec = {}): Rec => ({
    Subject: 'Offer',
    FromAddress: 'ada@rep.example',
    ToAddress: 'jo@acme.example',
    Status: '3',
    MessageDate: '2026-10-30T09:00:00Z',
    MessageIdentifier: '<1@mail.example>',
    RelatedToId: deal,
    ...more,
  });

  // Object reference, EmailMessage: ActivityId is made by the platform for e-mails that belong to no case.
  it('files a closed task beside an e-mail, in one transaction', async () => {
    const id = await create('EmailMessage', mail());
    assert.deepEqual(
      last().map((change) => [change.entity, change.changeType]),
      [
        ['Task', 'CREATE'],
        ['EmailMessage', 'CREATE'],
      ],
    );
    const [row] = await query(`SELECT ActivityId, MessageIdentifier, Incoming FROM EmailMessage WHERE Id = '${id}'`);
    assert.deepEqual([row?.['MessageIdentifier'], row?.['Incoming']], ['<1@mail.example>', false]);
    const [task] = await query(
      `SELECT Subject, TaskSubtype, Status, IsClosed, ActivityDate, WhatId FROM Task WHERE Id = '${String(row?.['ActivityId'])}'`,
    );
    assert.deepEqual(
      ['Subject', 'TaskSubtype', 'Status', 'IsClosed', 'ActivityDate', 'WhatId'].map((name) => task?.[name]),
      ['Email: Offer', 'Email', 'Completed', true, '2026-10-30', deal],
    );
  });

  it('keeps who it is from and to as rows of their own, which go with the contact', async () => {
    const EmailMessageId = await create('EmailMessage', mail());
    const person = await create('Contact', { LastName: 'Reader' });
    const relation = { EmailMessageId, RelationId: person, RelationType: 'ToAddress', RelationAddress: 'r@x.example' };
    await create('EmailMessageRelation', relation);
    const soql = `SELECT (SELECT RelationId, RelationType FROM EmailMessageRelations) FROM EmailMessage WHERE Id = '${EmailMessageId}'`;
    const read = async () =>
      ((await query(soql))[0]?.['EmailMessageRelations'] as { records: Rec[] } | null)?.records ?? [];
    assert.deepEqual(
      (await read()).map((one) => [one['RelationId'], one['RelationType']]),
      [[person, 'ToAddress']],
    );
    await tiny.call(hub, 'DELETE', `${base}/sobjects/Contact/${person}`);
    assert.deepEqual(await read(), []);
    assert.equal(
      errorOf(await post('EmailMessageRelation', { ...relation, RelationType: 'Sender', RelationId: contact })),
      'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST',
    );
  });

  // Object reference, EmailMessage, special access rules.
  it('lets nobody edit an e-mail that is no draft, but for visibility, New to Read and custom fields', async () => {
    const sent = await create('EmailMessage', mail());
    const patch = (id: string, body: Rec) => tiny.call(hub, 'PATCH', `${base}/sobjects/EmailMessage/${id}`, body);
    assert.equal(errorOf(await patch(sent, { Subject: 'Other' })), 'INSUFFICIENT_ACCESS_OR_READONLY');
    assert.equal((await patch(sent, { IsExternallyVisible: true })).status, 204);
    const fresh = await create('EmailMessage', mail({ Status: '0', Incoming: true }));
    assert.equal((await patch(fresh, { Status: '1' })).status, 204);
    assert.equal(errorOf(await patch(fresh, { Status: '0' })), 'INSUFFICIENT_ACCESS_OR_READONLY');
    const draft = await create('EmailMessage', mail({ Status: '5' }));
    assert.equal((await patch(draft, { Subject: 'Better' })).status, 204);
    const [row] = await query(`SELECT ActivityId FROM EmailMessage WHERE Id = '${draft}'`);
    assert.equal(row?.['ActivityId'], null);
  });

  it('two e-mails may have one message id; they are found by it', async () => {
    await create('EmailMessage', mail({ MessageIdentifier: '<twin@mail.example>' }));
    await create('EmailMessage', mail({ MessageIdentifier: '<twin@mail.example>' }));
    assert.equal(
      (await query("SELECT Id FROM EmailMessage WHERE MessageIdentifier = '<twin@mail.example>'")).length,
      2,
    );
  });

  it('a task says when it was done, and what kind it is, which nobody changes', async () => {
    const id = await create('Task', { Subject: 'Call back', WhoId: contact, WhatId: deal });
    const read = async (): Promise<Rec | undefined> =>
      (await query(`SELECT IsClosed, CompletedDateTime, TaskSubtype FROM Task WHERE Id = '${id}'`))[0];
    assert.deepEqual([(await read())?.['CompletedDateTime'], (await read())?.['TaskSubtype']], [null, 'Task']);
    await tiny.call(hub, 'PATCH', `${base}/sobjects/Task/${id}`, { Status: 'Completed' });
    assert.ok((await read())?.['CompletedDateTime']);
    const kind = await tiny.call(hub, 'PATCH', `${base}/sobjects/Task/${id}`, { TaskSubtype: 'Call' });
    assert.equal(errorOf(kind), 'INVALID_FIELD_FOR_INSERT_UPDATE');
  });

  it('writes tasks and contact roles by collections, and tells of both', async () => {
    const records = [
      { attributes: { type: 'Task' }, Subject: 'One', WhatId: deal },
      { attributes: { type: 'OpportunityContactRole' }, OpportunityId: deal, ContactId: contact, Role: 'Evaluator' },
    ];
    const answer = await tiny.call(hub, 'POST', `${base}/composite/sobjects`, { records });
    assert.deepEqual(
      (answer.body as { success: boolean }[]).map((one) => one.success),
      [true, true],
    );
    assert.deepEqual(
      last().map((change) => change.entity),
      ['Task', 'OpportunityContactRole'],
    );
    // A contact may have several roles at one deal (object reference, OpportunityContactRole).
    const roles = await query(
      `SELECT Role, IsPrimary FROM OpportunityContactRole WHERE OpportunityId = '${deal}' AND ContactId = '${contact}'`,
    );
    assert.equal(roles.length, 2);
  });

  it('custom fields of activities are deployed on Activity (Metadata API guide)', () => {
    const schema = orgSchema({ fields: { Activity: [text('Our_Id__c', 36, 'Our Id')] }, entities: [] });
    assert.ok(schema.entity('Task')?.field('Our_Id__c'));
  });
});
