import assert from 'node:assert/strict';
import { Client } from '@hubspot/api-client';
import { StandIn } from './stand-in.ts';

const base = '/crm/objects/2026-09';

describe('HubSpot stand-in: single records', () => {
  let hubspot: StandIn;
  before(async () => {
    hubspot = await StandIn.start();
  });
  after(() => hubspot.stop());

  it('answers the real SDK on dated paths, with strings for all values', async () => {
    const client = new Client({ accessToken: 'sandbox', basePath: hubspot.url });
    const query = { properties: 'dealname,amount,closedate', associations: 'companies,contacts' };
    const answer = await client.apiRequest({ method: 'GET', path: `${base}/deals`, qs: query });
    assert.equal(answer.status, 200);
    const { results } = (await answer.json()) as { results: Record<string, never>[] };
    assert.equal(results.length, 1);
    const [deal] = results as unknown as [
      { properties: Record<string, string>; associations: Record<string, unknown> },
    ];
    assert.equal(deal.properties['amount'], '12500.00');
    assert.equal(deal.properties['closedate'], '2027-01-15T00:00:00Z');
    const companies = deal.associations['companies'] as { results: { type: string }[] };
    // A primary company is listed under both of its types (HubSpot docs, associations).
    assert.deepEqual(companies.results.map((one) => one.type).sort(), ['deal_to_company', 'deal_to_company_unlabeled']);
  });

  it('keeps tenants apart, and serves the version before', async () => {
    const created = await hubspot.create('companies', { name: 'Mine' });
    const elsewhere = await hubspot.call('GET', `/crm/objects/2026-03/0-2/${created}`, undefined, 'sandbox-b');
    assert.equal(elsewhere.status, 404);
    assert.equal((await hubspot.call('GET', `/crm/objects/2026-03/0-2/${created}`)).status, 200);
    assert.equal((await hubspot.call('GET', `/crm/objects/2025-09/0-2/${created}`)).status, 404);
  });

  it('creates with associations, reads by e-mail, tells properties that do not exist from values (OpenAPI contacts.json)', async () => {
    const { body: deals } = await hubspot.call('GET', `${base}/deals`);
    const dealId = deals.results[0].id;
    const note = await hubspot.call('POST', `${base}/notes`, {
      properties: { hs_note_body: 'Brief', hs_timestamp: '2026-11-22T08:00:00Z' },
      associations: [
        { to: { id: dealId }, types: [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 214 }] },
      ],
    });
    assert.equal(note.status, 201);
    const read = await hubspot.call(
      'GET',
      `${base}/notes/${note.body.id}?associations=deals&properties=hs_timestamp,nope`,
    );
    assert.equal(read.body.associations.deals.results[0].id, dealId);
    assert.equal(read.body.properties.hs_timestamp, '2026-11-22T08:00:00Z');
    assert.equal('nope' in read.body.properties, false, 'unknown names are ignored on reads');
    const byMail = await hubspot.call('GET', `${base}/contacts/CLEO@northwind.example?idProperty=email`);
    assert.equal(byMail.body.properties.firstname, 'Cleo');
  });

  it('refuses unknown properties, options, numbers, dates and read-only values, all in one answer', async () => {
    const { status, body } = await hubspot.call('POST', `${base}/deals`, {
      properties: { nope: '1', dealstage: 'won', amount: 'many', closedate: '2026-02-30', hs_object_id: '5' },
    });
    assert.equal(status, 400);
    assert.equal(body.category, 'VALIDATION_ERROR');
    const codes = body.errors.map((one: { code: string }) => one.code);
    assert.deepEqual(codes, [
      'PROPERTY_DOESNT_EXIST',
      'INVALID_OPTION',
      'INVALID_NUMBER',
      'INVALID_DATE',
      'READ_ONLY_VALUE',
    ]);
    const packed = JSON.parse(body.message.slice(body.message.indexOf('[')));
    assert.equal(packed[0].name, 'nope');
    assert.match(body.correlationId, /^[0-9a-f-]{36}$/);
  });

  it('refuses a note without hs_timestamp (HubSpot docs, notes)', async () => {
    const { status, body } = await hubspot.call('POST', `${base}/notes`, { properties: { hs_note_body: 'x' } });
    assert.equal(status, 400);
    assert.deepEqual(body.errors[0].context.properties, ['hs_timestamp']);
  });

  it('takes an industry of the real list only', async () => {
    const { body } = await hubspot.call('POST', `${base}/companies`, { properties: { industry: 'Software' } });
    assert.equal(body.errors[0].code, 'INVALID_OPTION');
    const id = await hubspot.create('companies', { industry: 'COMPUTER_SOFTWARE' });
    assert.ok(id);
  });

  it('answers 409 for a contact whose e-mail exists, with the existing id (recorded in public issue threads)', async () => {
    const id = await hubspot.create('contacts', { email: 'one@x.example' });
    const { status, body } = await hubspot.call('POST', `${base}/contacts`, { properties: { email: 'ONE@x.example' } });
    assert.equal(status, 409);
    assert.equal(body.category, 'CONFLICT');
    assert.equal(body.message, `Contact already exists. Existing ID: ${id}`);
  });

  it('allows two companies with one domain', async () => {
    await hubspot.create('companies', { domain: 'twice.example' });
    assert.ok(await hubspot.create('companies', { domain: 'twice.example' }));
  });

  it('refuses unknown fields and parameters', async () => {
    const field = await hubspot.call('POST', `${base}/companies`, { properties: {}, colour: 'red' });
    assert.equal(field.status, 400);
    assert.equal((await hubspot.call('GET', `${base}/companies?colour=red`)).status, 400);
    assert.equal((await hubspot.call('GET', `${base}/unicorns`)).status, 400);
    assert.equal((await hubspot.call('GET', '/crm/colours')).status, 404);
  });

  it('keeps the history of a property with its author, newest first', async () => {
    const id = await hubspot.create('companies', { name: 'Old' });
    const token = await hubspot.appToken();
    await hubspot.call('PATCH', `${base}/companies/${id}`, { properties: { name: 'New' } }, token);
    const { body } = await hubspot.call('GET', `${base}/companies/${id}?propertiesWithHistory=name`);
    const history = body.propertiesWithHistory.name;
    assert.deepEqual(
      history.map((one: { value: string; sourceType: string }) => [one.value, one.sourceType]),
      [
        ['New', 'INTEGRATION'],
        ['Old', 'CRM_UI'],
      ],
    );
    assert.match(history[1].sourceId, /^userId:\d+$/);
    assert.equal(history[0].sourceId, '7040001');
  });

  it('clears with an empty string, and leaves the stamp alone when nothing changes', async () => {
    const id = await hubspot.create('companies', { name: 'Stamp', city: 'Bonn' });
    const first = await hubspot.call('GET', `${base}/companies/${id}`);
    const same = await hubspot.call('PATCH', `${base}/companies/${id}`, { properties: { name: 'Stamp' } });
    assert.equal(same.body.updatedAt, first.body.updatedAt);
    const cleared = await hubspot.call('PATCH', `${base}/companies/${id}`, { properties: { city: '' } });
    assert.equal(cleared.body.properties.city, null);
  });

  it('archives with 204, also what is gone; archived records are read only when asked for', async () => {
    const id = await hubspot.create('companies', { name: 'Gone' });
    assert.equal((await hubspot.call('DELETE', `${base}/companies/${id}`)).status, 204);
    assert.equal((await hubspot.call('DELETE', `${base}/companies/${id}`)).status, 204);
    const missing = await hubspot.call('GET', `${base}/companies/${id}`);
    assert.equal(missing.status, 404);
    assert.equal(missing.body.category, 'OBJECT_NOT_FOUND');
    const archived = await hubspot.call('GET', `${base}/companies/${id}?archived=true`);
    assert.ok(archived.body.archivedAt);
    const list = await hubspot.call('GET', `${base}/companies?archived=true&limit=100`);
    assert.ok(list.body.results.some((one: { id: string }) => one.id === id));
  });

  it('pages a list by after', async () => {
    const seen: string[] = [];
    let after: string | undefined;
    do {
      const query = after === undefined ? '?limit=2' : `?limit=2&after=${after}`;
      const { body } = await hubspot.call('GET', `${base}/companies${query}`);
      seen.push(...body.results.map((one: { id: string }) => one.id));
      after = body.paging?.next.after;
    } while (after !== undefined);
    assert.equal(new Set(seen).size, seen.length);
    assert.ok(seen.length > 5);
  });
});
