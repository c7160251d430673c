import assert from 'node:assert/strict';
import { encodeEvent } from '../../../../sandbox/salesforce/pubsub/encode-event.ts';
import { buildEventSchema } from '../../../../sandbox/salesforce/pubsub/event-schema.ts';
import type { RowChange } from '../../../../sandbox/salesforce/row-change.ts';
import { orgA, startTiny, type Tiny } from './start-tiny.ts';

const base = '/services/data/v67.0';
type Rec = Record<string, unknown>;
interface Converted {
  leadId: string;
  accountId: string;
  contactId: string;
  opportunityId: string | null;
}

describe('lead conversion in the Salesforce stand-in (SOAP API guide, convertLead)', () => {
  let tiny: Tiny;
  let person: string;
  let leadId: string;

  beforeEach(async () => {
    tiny = await startTiny();
    person = await tiny.token(orgA.person);
    leadId = await create('Lead', {
      FirstName: 'Nia',
      LastName: 'Holt',
      Company: 'Holt Boats',
      Email: 'nia@holt.example',
      Phone: '+1 5',
      City: 'Kiel',
      LeadSource: 'Web',
      Title: 'Owner',
    });
  });
  afterEach(() => tiny.stop());

  const last = (): RowChange[] => tiny.transactions.at(-1) ?? [];
  async function create(type: string, body: Rec, token = person): Promise<string> {
    const answer = await tiny.call(token, 'POST', `${base}/sobjects/${type}`, body);
    assert.equal(answer.status, 201, JSON.stringify(answer.body));
    return (answer.body as { id: string }).id;
  }
  const read = async (type: string, id: string): Promise<Rec> =>
    (await tiny.call(person, 'GET', `${base}/sobjects/${type}/${id}`)).body;
  const convert = (body: Rec = {}) => tiny.call(person, 'POST', '/_ui/convert-lead', { leadId, ...body });
  const errorOf = (answer: { body: unknown }): string => (answer.body as { errorCode: string }[])[0]?.errorCode ?? '';

  it('makes an account, a contact and an opportunity with the contact as its primary role', async () => {
    const answer = await convert({ opportunityName: 'New boats' });
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
    const { accountId, contactId, opportunityId } = answer.body as Converted;
    const account = await read('Account', accountId);
    assert.deepEqual(
      [account['Name'], account['BillingCity'], account['AccountSource']],
      ['Holt Boats', 'Kiel', 'Web'],
    );
    const contact = await read('Contact', contactId);
    assert.deepEqual(
      [contact['Name'], contact['Email'], contact['AccountId'], contact['MailingCity'], contact['Title']],
      ['Nia Holt', 'nia@holt.example', accountId, 'Kiel', 'Owner'],
    );
    const deal = await read('Opportunity', opportunityId ?? '');
    assert.deepEqual([deal['Name'], deal['StageName'], deal['AccountId']], ['New boats', 'Prospecting', accountId]);
    assert.match(String(deal['CloseDate']), /-(03-31|06-30|09-30|12-31)$/);
    const lead = await read('Lead', leadId);
    assert.deepEqual(
      ['IsConverted', 'Status', 'ConvertedAccountId', 'ConvertedContactId', 'ConvertedOpportunityId'].map(
        (name) => lead[name],
      ),
      [true, 'Closed - Converted', accountId, contactId, opportunityId],
    );
  });

  // Change Data Capture guide, change events for lead conversion: the order, and the lead's own fields without LastModifiedDate.
  it('tells all of it as one transaction of the person, the lead last', async () => {
    await convert();
    assert.deepEqual(
      last().map((change) => [change.sequenceNumber, change.entity, change.changeType, change.changeOrigin]),
      [
        [1, 'Account', 'CREATE', ''],
        [2, 'Contact', 'CREATE', ''],
        [3, 'Opportunity', 'CREATE', ''],
        [4, 'OpportunityContactRole', 'CREATE', ''],
        [5, 'Lead', 'UPDATE', ''],
      ],
    );
    assert.equal(new Set(last().map((change) => change.transactionKey)).size, 1);
    const update = last()[4];
    assert.deepEqual(Object.keys(update?.fields ?? {}), [
      'Status',
      'IsConverted',
      'ConvertedDate',
      'ConvertedAccountId',
      'ConvertedContactId',
      'ConvertedOpportunityId',
    ]);
    const schema = buildEventSchema('Lead', [
      { name: 'Status', type: 'string' },
      { name: 'IsConverted', type: 'boolean' },
      { name: 'ConvertedDate', type: 'date' },
      { name: 'LastModifiedDate', type: 'datetime' },
    ]);
    const { recordId, ...rest } = update ?? assert.fail('no update');
    const event = schema.type.fromBuffer(encodeEvent(schema, { ...rest, recordIds: [recordId] }, 1n)) as Rec;
    assert.deepEqual([event['IsConverted'], event['LastModifiedDate']], [true, null]);
  });

  it('does not carry our external id over: custom fields travel only where an admin maps them (Salesforce help, lead mapping)', async () => {
    const hub = await tiny.token(orgA.integration);
    await tiny.call(hub, 'PATCH', `${base}/sobjects/Lead/${leadId}`, { Rapport_Id__c: 'ours' });
    const { contactId } = (await convert({ doNotCreateOpportunity: true })).body as Converted;
    assert.equal((await read('Contact', contactId))['Rapport_Id__c'], null);
    assert.equal((await read('Lead', leadId))['Rapport_Id__c'], 'ours');
  });

  it('fills only the empty fields of an account and a contact that exist', async () => {
    const accountId = await create('Account', { Name: 'Holt', Phone: '+1 9' });
    const contactId = await create('Contact', { LastName: 'Holt-Old', AccountId: accountId });
    const answer = await convert({ accountId, contactId, doNotCreateOpportunity: true });
    assert.deepEqual(answer.body, { leadId, accountId, contactId, opportunityId: null });
    const [account, contact] = [await read('Account', accountId), await read('Contact', contactId)];
    assert.deepEqual([account['Name'], account['Phone'], account['BillingCity']], ['Holt', '+1 9', 'Kiel']);
    assert.deepEqual([contact['LastName'], contact['FirstName'], contact['Phone']], ['Holt-Old', 'Nia', '+1 5']);
    assert.deepEqual(
      last().map((change) => [change.entity, change.changeType]),
      [
        ['Account', 'UPDATE'],
        ['Contact', 'UPDATE'],
        ['Lead', 'UPDATE'],
      ],
    );
    assert.equal((await read('Lead', leadId))['ConvertedOpportunityId'], null);
  });

  it('moves what was done for the lead to the contact', async () => {
    const task = await create('Task', { Subject: 'Call', WhoId: leadId });
    const { contactId } = (await convert()).body as Converted;
    assert.equal((await read('Task', task))['WhoId'], contactId);
  });

  // Help article 000384333: a converted lead is read-only; nothing may refer to it.
  it('makes the lead read-only', async () => {
    await convert();
    const edit = await tiny.call(person, 'PATCH', `${base}/sobjects/Lead/${leadId}`, { Title: 'x' });
    assert.deepEqual([edit.status, errorOf(edit)], [400, 'CANNOT_UPDATE_CONVERTED_LEAD']);
    const task = await tiny.call(person, 'POST', `${base}/sobjects/Task`, { Subject: 'x', WhoId: leadId });
    assert.equal(errorOf(task), 'CANNOT_UPDATE_CONVERTED_LEAD');
    assert.equal(errorOf(await convert()), 'CANNOT_UPDATE_CONVERTED_LEAD');
  });

  it('refuses a status that is none of a conversion, and a contact of another account, and leaves nothing behind', async () => {
    assert.equal(errorOf(await convert({ convertedStatus: 'Working - Contacted' })), 'INVALID_STATUS');
    const contactId = await create('Contact', { LastName: 'Alone' });
    const before = tiny.transactions.length;
    assert.equal(errorOf(await convert({ contactId })), 'INVALID_CROSS_REFERENCE_KEY');
    assert.equal(errorOf(await convert({ ownerId: leadId })), 'MALFORMED_ID');
    assert.equal(tiny.transactions.length, before);
    assert.equal((await read('Lead', leadId))['IsConverted'], false);
  });
});

describe('clones in the Salesforce stand-in', () => {
  // Salesforce help, clone records; REST API guide, DUPLICATE_VALUE (recorded: rest-upsert-duplicate-error.yaml).
  it('leave our external id behind, or are refused with the id that has it', async () => {
    const tiny = await startTiny();
    try {
      const [person, hub] = [await tiny.token(orgA.person), await tiny.token(orgA.integration)];
      const made = await tiny.call(hub, 'POST', `${base}/sobjects/Account`, {
        Name: 'First',
        Phone: '7',
        Rapport_Id__c: 'ours',
      });
      const { id } = made.body as { id: string };
      const copy = await tiny.call(person, 'POST', '/_ui/clone', { id });
      const copied = (await tiny.call(person, 'GET', `${base}/sobjects/Account/${(copy.body as { id: string }).id}`))
        .body as Rec;
      assert.deepEqual([copied['Name'], copied['Phone'], copied['Rapport_Id__c']], ['First', '7', null]);
      const refused = await tiny.call(person, 'POST', '/_ui/clone', { id, systemMode: true });
      assert.equal(refused.status, 400);
      assert.deepEqual(refused.body, [
        {
          errorCode: 'DUPLICATE_VALUE',
          message: `duplicate value found: Rapport_Id__c duplicates value on record with id: ${id.slice(0, 15)}`,
          fields: [],
        },
      ]);
    } finally {
      await tiny.stop();
    }
  });
});
