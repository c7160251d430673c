import assert from 'node:assert/strict';
import { StandIn, until } from './stand-in.ts';

const objects = '/crm/objects/2026-09';
const batch = '/crm/associations/2026-09';
const labels = `${batch}/deals/contacts/labels`;

interface Label {
  category: string;
  typeId: number;
  label: string | null;
}

describe('HubSpot stand-in: association labels (OpenAPI associationsSchema.json; HubSpot docs, configure associations)', () => {
  let hubspot: StandIn;
  let deal: string;
  let contact: string;
  beforeEach(async () => {
    hubspot = await StandIn.start();
    deal = await hubspot.create('deals', { dealname: 'D' });
    contact = await hubspot.create('contacts', { email: 'who@x.example' });
  });
  afterEach(() => hubspot.stop());

  const list = async (path = labels): Promise<Label[]> => (await hubspot.call('GET', path)).body.results;
  const typeOf = async (text: string, path = labels): Promise<number> =>
    (await list(path)).find((one) => one.label === text)?.typeId ?? assert.fail(`no label ${text}`);
  const give = (types: number[], token?: string) =>
    hubspot.call(
      'POST',
      `${batch}/deals/contacts/batch/create`,
      {
        inputs: [
          {
            from: { id: deal },
            to: { id: contact },
            types: types.map((associationTypeId) => ({ associationCategory: 'USER_DEFINED', associationTypeId })),
          },
        ],
      },
      token,
    );
  const shown = async (from: string, id: string, to: string): Promise<(string | null)[]> => {
    const { body } = await hubspot.call('GET', `${objects}/${from}/${id}/associations/${to}`);
    return (body.results[0]?.associationTypes ?? []).map((one: Label) => one.label);
  };

  it('lists the plain type, and the labels an admin made, with another id in each direction', async () => {
    const there = await list();
    assert.deepEqual(there[0], { category: 'HUBSPOT_DEFINED', typeId: 3, label: null });
    assert.deepEqual(
      there.slice(1).map((one) => [one.category, one.label]),
      [
        ['USER_DEFINED', 'Decision Maker'],
        ['USER_DEFINED', 'Influencer'],
      ],
    );
    const back = `${batch}/contacts/deals/labels`;
    assert.notEqual(await typeOf('Influencer'), await typeOf('Influencer', back));
    const companies = await list(`${batch}/contacts/companies/labels`);
    assert.deepEqual(
      companies.map((one) => [one.typeId, one.label]),
      [
        [279, null],
        [1, 'Primary'],
      ],
    );
  });

  it('a label comes with the plain type, is seen from both ends, and moves no stamp', async () => {
    const stamp = async () => (await hubspot.call('GET', `${objects}/contacts/${contact}`)).body;
    const before = await stamp();
    hubspot.context.clock.advance(60_000);
    const made = await give([await typeOf('Decision Maker')]);
    assert.equal(made.status, 201);
    assert.deepEqual(made.body.results[0].labels, ['Decision Maker']);
    assert.deepEqual(await shown('deals', deal, 'contacts'), [null, 'Decision Maker']);
    assert.deepEqual(await shown('contacts', contact, 'deals'), [null, 'Decision Maker']);
    const after = await stamp();
    assert.equal(after.properties.lastmodifieddate, before.properties.lastmodifieddate);
    assert.equal(after.updatedAt, before.updatedAt);
    const read = await hubspot.call('GET', `${objects}/deals/${deal}?associations=contacts`);
    assert.deepEqual(
      read.body.associations.contacts.results.map((one: { type: string }) => one.type),
      ['deal_to_contact', 'decision_maker'],
    );
  });

  it('labels that are sent replace those that were there; a default association leaves them (HubSpot docs, associations guide)', async () => {
    const [boss, influencer] = [await typeOf('Decision Maker'), await typeOf('Influencer')];
    await give([boss]);
    await give([influencer]);
    assert.deepEqual(await shown('deals', deal, 'contacts'), [null, 'Influencer']);
    await give([boss, influencer]);
    assert.deepEqual(await shown('deals', deal, 'contacts'), [null, 'Influencer', 'Decision Maker']);
    await hubspot.call('PUT', `${objects}/deals/${deal}/associations/default/contacts/${contact}`);
    assert.equal((await shown('deals', deal, 'contacts')).length, 3);
  });

  it('one label goes alone; the plain type takes all along (OpenAPI associations.json, delete specific labels)', async () => {
    const [boss, influencer] = [await typeOf('Decision Maker'), await typeOf('Influencer')];
    await give([boss, influencer]);
    const drop = (associationCategory: string, associationTypeId: number) =>
      hubspot.call('POST', `${batch}/deals/contacts/batch/labels/archive`, {
        inputs: [{ from: { id: deal }, to: { id: contact }, types: [{ associationCategory, associationTypeId }] }],
      });
    assert.equal((await drop('USER_DEFINED', boss)).status, 204);
    assert.deepEqual(await shown('contacts', contact, 'deals'), [null, 'Influencer']);
    await drop('HUBSPOT_DEFINED', 3);
    assert.deepEqual(await shown('deals', deal, 'contacts'), []);
  });

  it('tells each direction of a label by its own id', async () => {
    const boss = await typeOf('Decision Maker');
    await give([boss], await hubspot.appToken());
    await until(() => hubspot.events('object.associationChange').length === 4);
    const told = hubspot
      .events('object.associationChange')
      .filter((one) => one['associationCategory'] === 'USER_DEFINED');
    const back = await typeOf('Decision Maker', `${batch}/contacts/deals/labels`);
    assert.deepEqual(
      told.map((one) => [one['fromObjectTypeId'], one['associationTypeId'], one['associationRemoved']]),
      [
        ['0-3', boss, false],
        ['0-1', back, false],
      ],
    );
    assert.equal(hubspot.events('object.propertyChange').length, 2, 'the two creations only');
  });

  it('a label is made in pairs, renamed and removed, which leaves the records associated', async () => {
    const body = { label: 'Signs for us', inverseLabel: 'Signs here', name: 'signer' };
    const made = await hubspot.call('POST', labels, body);
    assert.deepEqual(
      made.body.results.map((one: Label) => one.label),
      ['Signs for us', 'Signs here'],
    );
    const typeId = made.body.results[0].typeId;
    await give([typeId]);
    assert.deepEqual(await shown('contacts', contact, 'deals'), [null, 'Signs here']);
    assert.equal((await hubspot.call('PUT', labels, { associationTypeId: typeId, label: 'Signatory' })).status, 204);
    assert.deepEqual(await shown('deals', deal, 'contacts'), [null, 'Signatory']);
    assert.equal((await hubspot.call('DELETE', `${labels}/${typeId}`)).status, 204);
    assert.deepEqual(await shown('deals', deal, 'contacts'), [null]);
  });

  it('refuses a taken label, a bad name, a kind without labels, and another portal’s type', async () => {
    const make = (label: string, name: string, pair = 'deals/contacts') =>
      hubspot.call('POST', `${batch}/${pair}/labels`, { label, name });
    assert.equal((await make('Influencer', 'other')).status, 400);
    assert.equal((await make('New', '1st-choice')).status, 400);
    assert.equal((await make('New', 'new', 'notes/contacts')).status, 400);
    const refused = await give([4711]);
    assert.equal(refused.status, 207);
    assert.equal(refused.body.errors[0].category, 'VALIDATION_ERROR');
  });

  it('the primary company of a contact is one of several, and an event of its own marks it', async () => {
    const [first, second] = [await hubspot.create('companies', {}), await hubspot.create('companies', {})];
    const mark = (company: string) =>
      hubspot.call('PUT', `${objects}/contacts/${contact}/associations/companies/${company}`, [
        { associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 1 },
      ]);
    await mark(first);
    await mark(second);
    const { body } = await hubspot.call('POST', `${batch}/contacts/companies/batch/read`, {
      inputs: [{ id: contact }],
    });
    const peers = body.results[0].to.map((one: { toObjectId: string; associationTypes: Label[] }) => [
      one.toObjectId,
      one.associationTypes.some((type) => type.label === 'Primary'),
    ]);
    assert.deepEqual(peers, [
      [first, false],
      [second, true],
    ]);
    await until(() => hubspot.events('object.associationChange').length === 10);
    const gone = hubspot.events('object.associationChange').filter((one) => one['associationRemoved'] === true);
    assert.deepEqual(
      gone.map((one) => [one['fromObjectTypeId'], one['associationTypeId'], one['isPrimaryAssociation']]),
      [
        ['0-1', 1, true],
        ['0-2', 2, true],
      ],
    );
  });
});
