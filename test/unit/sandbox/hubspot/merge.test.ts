import assert from 'node:assert/strict';
import { StandIn, until } from './stand-in.ts';

const base = '/crm/objects/2026-09';
const batch = '/crm/associations/2026-09';

describe('HubSpot stand-in: merge (HubSpot changelog, updated merge functionality; deals now support merging)', () => {
  let hubspot: StandIn;
  beforeEach(async () => {
    hubspot = await StandIn.start();
  });
  afterEach(() => hubspot.stop());

  const read = async (type: string, id: string, properties: string) =>
    (await hubspot.call('GET', `${base}/${type}/${id}?properties=${properties}`)).body;
  const merge = (type: string, primaryObjectId: string, objectIdToMerge: string, token?: string) =>
    hubspot.call('POST', `${base}/${type}/merge`, { primaryObjectId, objectIdToMerge }, token);
  const associate = (from: string, id: string, to: string, peer: string, associationTypeId: number) =>
    hubspot.call('PUT', `${base}/${from}/${id}/associations/${to}/${peer}`, [
      { associationCategory: 'HUBSPOT_DEFINED', associationTypeId },
    ]);

  for (const type of ['contacts', 'companies', 'deals']) {
    it(`${type}: the merged record is a third one, and both old ids answer with it`, async () => {
      const name = { contacts: 'lastname', companies: 'name', deals: 'dealname' }[type] ?? '';
      const [one, two] = [await hubspot.create(type, { [name]: 'One' }), await hubspot.create(type, { [name]: 'Two' })];
      const { status, body } = await merge(type, one, two);
      assert.equal(status, 200);
      assert.ok(![one, two].includes(body.id), 'a new id');
      for (const old of [one, two]) {
        const seen = await read(type, old, `${name},hs_merged_object_ids`);
        assert.equal(seen.id, body.id);
        assert.equal(seen.properties[name], 'One');
        assert.deepEqual(seen.properties.hs_merged_object_ids.split(';'), [one, two]);
      }
      const together = await hubspot.call('POST', `${base}/${type}/batch/read`, { inputs: [{ id: one }, { id: two }] });
      assert.deepEqual(
        together.body.results.map((record: { id: string }) => record.id),
        [body.id],
      );
      const archived = await hubspot.call('GET', `${base}/${type}?archived=true`);
      assert.deepEqual(archived.body.results, [], 'merged away is not deleted');
    });
  }

  it("fills the primary's blanks from the secondary and keeps both histories (HubSpot knowledge base, merge records)", async () => {
    const one = await hubspot.create('companies', { name: 'Keep' });
    const two = await hubspot.create('companies', { name: 'Lose', city: 'Kiel' });
    const { body } = await merge('companies', one, two);
    const { body: seen } = await hubspot.call(
      'GET',
      `${base}/companies/${body.id}?properties=name,city&propertiesWithHistory=name`,
    );
    assert.deepEqual([seen.properties.name, seen.properties.city], ['Keep', 'Kiel']);
    const history = seen.propertiesWithHistory.name.map((entry: { value: string }) => entry.value);
    assert.equal(history[0], 'Keep');
    assert.ok(history.includes('Lose'));
  });

  it("keeps the secondary's e-mail as a further address, by which the contact is still found (HubSpot knowledge base)", async () => {
    const one = await hubspot.create('contacts', { email: 'one@m.example', lifecyclestage: 'lead' });
    const two = await hubspot.create('contacts', { email: 'two@m.example', lifecyclestage: 'customer' });
    const { body } = await merge('contacts', one, two);
    const seen = await read('contacts', body.id, 'email,hs_additional_emails,lifecyclestage,hs_calculated_merged_vids');
    assert.deepEqual(
      [seen.properties.email, seen.properties.hs_additional_emails, seen.properties.lifecyclestage],
      ['one@m.example', 'two@m.example', 'customer'],
    );
    const vids = seen.properties.hs_calculated_merged_vids.split(';').map((one: string) => one.split(':')[0]);
    assert.deepEqual(vids, [one, two]);
    const byOther = await hubspot.call('GET', `${base}/contacts/two@m.example?idProperty=email`);
    assert.equal(byOther.body.id, body.id);
    const again = await hubspot.call('POST', `${base}/contacts`, { properties: { email: 'Two@m.example' } });
    assert.deepEqual([again.status, again.body.message], [409, `Contact already exists. Existing ID: ${body.id}`]);
  });

  it('merges once more, and every id of the chain answers with the last record', async () => {
    const ids = [
      await hubspot.create('deals', {}),
      await hubspot.create('deals', {}),
      await hubspot.create('deals', {}),
    ];
    const first = (await merge('deals', ids[0] ?? '', ids[1] ?? '')).body.id;
    const last = (await merge('deals', ids[2] ?? '', ids[0] ?? '')).body.id;
    for (const id of [...ids, first]) assert.equal((await read('deals', id, 'dealname')).id, last);
    const listed = (await read('deals', last, 'hs_merged_object_ids')).properties.hs_merged_object_ids.split(';');
    assert.deepEqual(listed, [ids[2], ids[0], ids[1], first]);
  });

  it('brings the associations over; of two primary companies the primary record’s stays; the old id has none', async () => {
    const [one, two] = [await hubspot.create('contacts', {}), await hubspot.create('contacts', {})];
    const [hers, his] = [await hubspot.create('companies', {}), await hubspot.create('companies', {})];
    const deal = await hubspot.create('deals', {});
    await associate('contacts', one, 'companies', hers, 1);
    await associate('contacts', two, 'companies', his, 1);
    await associate('deals', deal, 'contacts', two, 3);
    const { body } = await merge('contacts', one, two);
    const peers = await hubspot.call('GET', `${base}/contacts/${body.id}/associations/companies`);
    const types = peers.body.results.map((peer: { toObjectId: string; associationTypes: { typeId: number }[] }) => [
      peer.toObjectId,
      peer.associationTypes.map((one) => one.typeId).sort((a, b) => a - b),
    ]);
    assert.deepEqual(types, [
      [hers, [1, 279]],
      [his, [279]],
    ]);
    const ofDeal = await hubspot.call('GET', `${base}/deals/${deal}/associations/contacts`);
    assert.deepEqual(
      ofDeal.body.results.map((peer: { toObjectId: string }) => peer.toObjectId),
      [body.id],
    );
    const old = await hubspot.call('GET', `${base}/contacts/${two}/associations/companies`);
    assert.deepEqual(old.body.results, []);
    const many = await hubspot.call('POST', `${batch}/contacts/companies/batch/read`, { inputs: [{ id: two }] });
    assert.equal(many.body.errors[0].subCategory, 'crm.associations.NO_ASSOCIATIONS_FOUND');
  });

  it('a merged company stays the primary one of the contacts of both', async () => {
    const [one, two] = [await hubspot.create('companies', {}), await hubspot.create('companies', {})];
    const [hers, his] = [await hubspot.create('contacts', {}), await hubspot.create('contacts', {})];
    await associate('contacts', hers, 'companies', one, 1);
    await associate('contacts', his, 'companies', two, 1);
    const { body } = await merge('companies', one, two);
    for (const contact of [hers, his]) {
      const peers = await hubspot.call('GET', `${base}/contacts/${contact}/associations/companies`);
      const [peer] = peers.body.results as { toObjectId: string; associationTypes: { typeId: number }[] }[];
      assert.equal(peer?.toObjectId, body.id);
      assert.ok(peer?.associationTypes.some((type) => type.typeId === 1));
    }
  });

  it('tells of the merge with all three ids and of the secondary’s deletion, and of nothing else', async () => {
    const one = await hubspot.create('companies', {});
    const two = await hubspot.create('companies', { city: 'Ulm' });
    const contact = await hubspot.create('contacts', {});
    await associate('contacts', contact, 'companies', two, 279);
    await until(() => hubspot.events('object.associationChange').length === 2);
    const before = hubspot.events().length;
    const { body } = await merge('companies', one, two, await hubspot.appToken());
    await until(() => hubspot.events('object.merge').length === 1);
    const events = hubspot.events().slice(before);
    assert.deepEqual(
      new Set(events.map((event) => event['subscriptionType'])),
      new Set(['object.deletion', 'object.merge']),
    );
    assert.equal(events.length, 2);
    const told = events.find((event) => event['subscriptionType'] === 'object.merge');
    assert.deepEqual(
      ['primaryObjectId', 'mergedObjectIds', 'newObjectId', 'numberOfPropertiesMoved', 'changeSource'].map(
        (name) => told?.[name],
      ),
      [Number(one), [Number(two)], Number(body.id), 1, 'INTEGRATION'],
    );
    assert.equal(hubspot.events('object.deletion')[0]?.['objectId'], Number(two));
  });

  it('refuses a record with itself, one that is not there, and activities (OpenAPI notes.json has no merge)', async () => {
    const one = await hubspot.create('deals', {});
    assert.equal((await merge('deals', one, one)).status, 400);
    assert.equal((await merge('deals', one, '1')).status, 404);
    const stamp = { hs_timestamp: '2026-11-22T08:00:00Z' };
    const notes = [await hubspot.create('notes', stamp), await hubspot.create('notes', stamp)];
    assert.equal((await merge('notes', notes[0] ?? '', notes[1] ?? '')).status, 400);
  });
});
