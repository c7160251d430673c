import assert from 'node:assert/strict';
import { StandIn } from './stand-in.ts';

const contacts = '/crm/objects/2026-09/contacts/batch';
const companies = '/crm/objects/2026-09/companies/batch';

describe('HubSpot stand-in: batches', () => {
  let hubspot: StandIn;
  before(async () => {
    hubspot = await StandIn.start();
    await hubspot.call('POST', '/crm/properties/2026-09/companies', {
      name: 'rapport_id',
      label: 'Rapport id',
      type: 'string',
      fieldType: 'text',
      groupName: 'companyinformation',
      hasUniqueValue: true,
    });
  });
  after(() => hubspot.stop());

  it('takes 100 inputs and no more', async () => {
    const inputs = Array.from({ length: 101 }, (_, at) => ({ properties: { name: `n${at}` } }));
    assert.equal((await hubspot.call('POST', `${companies}/create`, { inputs })).status, 400);
    const fits = await hubspot.call('POST', `${companies}/create`, { inputs: inputs.slice(0, 100) });
    assert.equal(fits.status, 201);
    assert.equal(fits.body.results.length, 100);
  });

  it('reads at most 50 with history', async () => {
    const inputs = Array.from({ length: 51 }, (_, at) => ({ id: String(at) }));
    const body = { inputs, propertiesWithHistory: ['name'] };
    assert.equal((await hubspot.call('POST', `${companies}/read`, body)).status, 400);
  });

  it('fails a whole create without trace ids, and nothing is written', async () => {
    const inputs = [{ properties: { email: 'whole@x.example' } }, { properties: { email: 'bad' } }];
    const answer = await hubspot.call('POST', `${contacts}/create`, { inputs });
    assert.equal(answer.status, 400);
    const path = '/crm/objects/2026-09/contacts/whole@x.example?idProperty=email';
    assert.equal((await hubspot.call('GET', path)).status, 404);
  });

  it('answers 207 with the trace id of what failed (HubSpot docs, error handling: multi-status errors)', async () => {
    const inputs = [
      { properties: { email: 'part@x.example' }, objectWriteTraceId: 't1' },
      { properties: { email: 'bad' }, objectWriteTraceId: 't2' },
      { properties: { email: 'cleo@northwind.example' }, objectWriteTraceId: 't3' },
    ];
    const { status, body } = await hubspot.call('POST', `${contacts}/create`, { inputs });
    assert.equal(status, 207);
    assert.equal(body.status, 'COMPLETE');
    assert.equal(body.results.length, 1);
    assert.equal(body.results[0].objectWriteTraceId, 't1');
    assert.equal(body.numErrors, 2);
    assert.deepEqual(
      body.errors.map((one: { category: string; context: object }) => [one.category, one.context]),
      [
        ['VALIDATION_ERROR', { objectWriteTraceId: ['t2'] }],
        ['CONFLICT', { objectWriteTraceId: ['t3'] }],
      ],
    );
  });

  it('reads what is there and names the missing ids together (recorded 207 answers)', async () => {
    const id = await hubspot.create('companies', { name: 'There' });
    const { status, body } = await hubspot.call('POST', `${companies}/read`, {
      inputs: [{ id }, { id: '1' }, { id: '2' }],
      properties: ['name'],
    });
    assert.equal(status, 207);
    assert.equal(body.results[0].properties.name, 'There');
    assert.equal(body.errors[0].category, 'OBJECT_NOT_FOUND');
    assert.deepEqual(body.errors[0].context.ids, ['1', '2']);
    assert.match(body.errors[0].message, /^Could not get some COMPANY objects/);
  });

  it('updates what is there; a missing record is an error with its trace id', async () => {
    const id = await hubspot.create('companies', { name: 'Before' });
    const inputs = [
      { id, properties: { name: 'After' }, objectWriteTraceId: 'a' },
      { id: '1', properties: { name: 'After' }, objectWriteTraceId: 'b' },
    ];
    const { status, body } = await hubspot.call('POST', `${companies}/update`, { inputs });
    assert.equal(status, 207);
    assert.equal(body.results[0].properties.name, 'After');
    assert.deepEqual(body.errors[0].context, { ids: ['1'], objectWriteTraceId: ['b'] });
  });

  it('upserts by a unique property and says what is new', async () => {
    const input = (name: string) => ({ inputs: [{ id: 'r-1', idProperty: 'rapport_id', properties: { name } }] });
    const first = await hubspot.call('POST', `${companies}/upsert`, input('One'));
    assert.equal(first.status, 200);
    assert.equal(first.body.results[0].new, true);
    const second = await hubspot.call('POST', `${companies}/upsert`, input('Two'));
    assert.equal(second.body.results[0].new, false);
    assert.equal(second.body.results[0].id, first.body.results[0].id);
    const read = { inputs: [{ id: 'r-1' }], idProperty: 'rapport_id', properties: ['name'] };
    assert.equal((await hubspot.call('POST', `${companies}/read`, read)).body.results[0].properties.name, 'Two');
  });

  it('refuses to upsert by a property that is not unique, and ids named twice', async () => {
    const loose = { inputs: [{ id: 'x', idProperty: 'domain', properties: {} }] };
    assert.equal((await hubspot.call('POST', `${companies}/upsert`, loose)).status, 400);
    const id = await hubspot.create('companies', {});
    const twice = { inputs: [1, 2].map(() => ({ id, properties: {} })) };
    assert.match((await hubspot.call('POST', `${companies}/update`, twice)).body.message, /^Duplicate IDs found/);
  });

  it('refuses a taken unique value with 400 and both ids (recorded: "already has that value")', async () => {
    const holder = await hubspot.create('companies', { rapport_id: 'taken' });
    const other = await hubspot.create('companies', {});
    const path = `/crm/objects/2026-09/companies/${other}`;
    const { status, body } = await hubspot.call('PATCH', path, { properties: { rapport_id: 'taken' } });
    assert.equal(status, 400);
    assert.ok(body.message.endsWith(`on ${other}. ${holder} already has that value.`), body.message);
    await hubspot.call('DELETE', `/crm/objects/2026-09/companies/${holder}`);
    assert.equal((await hubspot.call('PATCH', path, { properties: { rapport_id: 'taken' } })).status, 200);
  });
});
