import assert from 'node:assert/strict';
import { StandIn } from './stand-in.ts';

const path = '/crm/properties/2026-09/contacts';
const own = {
  name: 'rapport_id',
  label: 'Rapport id',
  type: 'string',
  fieldType: 'text',
  groupName: 'contactinformation',
  hasUniqueValue: true,
};

describe('HubSpot stand-in: properties, pipelines, owners, schemas', () => {
  let hubspot: StandIn;
  beforeEach(async () => {
    hubspot = await StandIn.start();
  });
  afterEach(() => hubspot.stop());

  it('a fresh portal has no property of ours; an app creates it once (OpenAPI properties.json)', async () => {
    const token = await hubspot.appToken();
    assert.equal((await hubspot.call('GET', `${path}/rapport_id`, undefined, token)).status, 404);
    const made = await hubspot.call('POST', path, own, token);
    assert.equal(made.status, 201);
    assert.equal(made.body.hasUniqueValue, true);
    assert.equal(made.body.hubspotDefined, false);
    assert.equal((await hubspot.call('POST', path, own, token)).status, 409);
    const other = await hubspot.call('GET', `${path}/rapport_id`, undefined, 'sandbox-b');
    assert.equal(other.status, 404, 'the other portal has its own properties');
  });

  it('allows ten unique properties of a kind (HubSpot docs, unique identifiers)', async () => {
    for (let at = 0; at < 10; at += 1) {
      assert.equal((await hubspot.call('POST', path, { ...own, name: `u${at}` })).status, 201);
    }
    assert.equal((await hubspot.call('POST', path, { ...own, name: 'u10' })).status, 400);
  });

  it('a patch of options replaces the list; HubSpot’s own properties stay', async () => {
    const options = ['a', 'b'].map((value) => ({ value, label: value, displayOrder: 0, hidden: false }));
    await hubspot.call('POST', path, {
      ...own,
      name: 'tier',
      type: 'enumeration',
      fieldType: 'select',
      hasUniqueValue: false,
      options,
    });
    const patched = await hubspot.call('PATCH', `${path}/tier`, { options: options.slice(1) });
    assert.deepEqual(
      patched.body.options.map((one: { value: string }) => one.value),
      ['b'],
    );
    assert.equal((await hubspot.call('PATCH', `${path}/email`, { label: 'Mail' })).status, 400);
  });

  it('a property needs a group that exists; an app may create one', async () => {
    const grouped = { ...own, groupName: 'rapport' };
    assert.equal((await hubspot.call('POST', path, grouped)).status, 400);
    const group = { name: 'rapport', label: 'Rapport' };
    assert.equal((await hubspot.call('POST', `${path}/groups`, group)).status, 201);
    assert.equal((await hubspot.call('POST', `${path}/groups`, group)).status, 409);
    assert.equal((await hubspot.call('POST', path, grouped)).status, 201);
    const { body } = await hubspot.call('GET', `${path}/groups`);
    assert.deepEqual(
      body.results.map((one: { name: string }) => one.name),
      ['contactinformation', 'rapport'],
    );
  });

  it('an archived name created again is restored', async () => {
    await hubspot.call('POST', path, own);
    assert.equal((await hubspot.call('DELETE', `${path}/rapport_id`)).status, 204);
    assert.equal((await hubspot.call('GET', `${path}/rapport_id`)).status, 404);
    assert.equal((await hubspot.call('POST', path, own)).status, 201);
  });

  it('reads many, missing names in the 207', async () => {
    const inputs = [{ name: 'email' }, { name: 'nope' }];
    const { status, body } = await hubspot.call('POST', `${path}/batch/read`, { inputs, archived: false });
    assert.equal(status, 207);
    assert.equal(body.results[0].name, 'email');
    assert.equal(body.numErrors, 1);
  });

  it('has one deal pipeline with the seven standard stages', async () => {
    const { body } = await hubspot.call('GET', '/crm/pipelines/2026-09/deals');
    assert.equal(body.results[0].id, 'default');
    assert.deepEqual(
      body.results[0].stages.map((one: { id: string }) => one.id),
      [
        'appointmentscheduled',
        'qualifiedtobuy',
        'presentationscheduled',
        'decisionmakerboughtin',
        'contractsent',
        'closedwon',
        'closedlost',
      ],
    );
  });

  it('lists owners, finds one by e-mail and by user id', async () => {
    const { body } = await hubspot.call('GET', '/crm/owners/2026-09?email=bo@rep.example');
    assert.equal(body.results.length, 1);
    const [owner] = body.results;
    const byUser = await hubspot.call('GET', `/crm/owners/2026-09/${owner.userId}?idProperty=userId`);
    assert.equal(byUser.body.id, owner.id);
    const stray = await hubspot.call('POST', '/crm/objects/2026-09/deals', { properties: { hubspot_owner_id: '1' } });
    assert.equal(stray.body.errors[0].code, 'INVALID_OPTION');
  });

  it('a test portal can be added, with the custom object, its people and its grant', async () => {
    const portal = { portalId: 8_801_003, refreshToken: 'na1-test', personToken: 'sandbox-c', customObject: true };
    const added = await hubspot.call('POST', '/_sandbox/portals', portal);
    assert.equal(added.status, 201);
    const { body } = await hubspot.call('GET', '/crm-object-schemas/2026-09/schemas', undefined, 'sandbox-c');
    const [schema] = body.results;
    assert.equal(schema.fullyQualifiedName, 'p8801003_rapport_research');
    const id = await hubspot.create(schema.fullyQualifiedName, { title: 'Brief' }, 'sandbox-c');
    const read = await hubspot.call('GET', `/crm/objects/2026-09/${schema.objectTypeId}/${id}`, undefined, 'sandbox-c');
    assert.equal(read.body.properties.title, 'Brief');
    const grant = { grant_type: 'refresh_token', refresh_token: 'na1-test' };
    assert.equal((await hubspot.form('/oauth/2026-09/token', grant)).body.hub_id, 8_801_003);
    assert.equal((await hubspot.call('GET', '/crm-object-schemas/2026-09/schemas')).body.results.length, 0);
  });

  it('a reset brings the seed back, and a seed does nothing where there is data', async () => {
    const id = await hubspot.create('companies', { name: 'Temporary' });
    await hubspot.restart();
    assert.equal((await hubspot.call('GET', `/crm/objects/2026-09/companies/${id}`)).status, 200);
    await hubspot.call('POST', '/_sandbox/reset', {});
    const { body } = await hubspot.call('GET', '/crm/objects/2026-09/companies');
    assert.deepEqual(
      body.results.map((one: { properties: { name: string } }) => one.properties.name),
      ['Northwind', 'Northwind'],
    );
  });
});
