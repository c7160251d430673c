import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Ajv } from 'ajv';
import { portals } from '../../../../sandbox/seed/credentials.ts';
import { StandIn, type Answer } from './stand-in.ts';

interface Operation {
  responses: Record<string, { content?: Record<string, { schema: object }> }>;
}
interface Spec {
  paths: Record<string, Record<string, Operation>>;
}

const specs = join(resolve(process.env['SPECS_DIR'] ?? '../shared/specs'), 'hubspot', '2026-03');

/** The schema of one answer, self-contained: local references are made absolute by `$id`. */
function validator(file: string, path: string, method: string, status: string) {
  const spec = JSON.parse(readFileSync(join(specs, `${file}.json`), 'utf8')) as Spec;
  const operation = spec.paths[path.replace('2026-09', '2026-03')]?.[method.toLowerCase()];
  const schema = operation?.responses[status]?.content;
  if (!schema) throw new Error(`${file}.json has no ${method} ${path} ${status}`);
  const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true });
  ajv.addSchema({ $id: 'spec:', ...looseNulls(spec) });
  const [media] = Object.values(schema);
  const text = JSON.stringify(looseNulls(media?.schema ?? {})).replaceAll('"#/', '"spec:#/');
  return ajv.compile(JSON.parse(text) as object);
}

/** The files say "string" for values that HubSpot answers as null, and "object" for sub-categories, which are text. */
function looseNulls(schema: object): object {
  const text = JSON.stringify(schema)
    .replaceAll('"type":"string"', '"type":["string","null"]')
    .replaceAll(/"subCategory":\{"type":"object"/g, '"subCategory":{"type":"string"');
  return JSON.parse(text) as object;
}

const objects = '/crm/objects/2026-09';

describe('HubSpot stand-in: answers fit the OpenAPI files', () => {
  let hubspot: StandIn;
  before(async function () {
    if (!existsSync(specs)) this.skip();
    hubspot = await StandIn.start();
  });
  after(() => hubspot?.stop());

  const fits = (file: string, path: string, method: string, answer: Answer): void => {
    const validate = validator(file, path, method, String(answer.status));
    assert.ok(validate(answer.body), `${method} ${path}: ${JSON.stringify(validate.errors?.slice(0, 3))}`);
  };

  it('records: one, list, create, update, batches, search', async () => {
    const id = await hubspot.create('contacts', { email: 'spec@x.example', firstname: 'S' });
    const base = `${objects}/contacts`;
    fits(
      'contacts',
      base,
      'GET',
      await hubspot.call('GET', `${base}?associations=companies&propertiesWithHistory=email`),
    );
    fits('contacts', `${base}/{contactId}`, 'GET', await hubspot.call('GET', `${base}/${id}`));
    const properties = { firstname: 'T' };
    fits('contacts', `${base}/{contactId}`, 'PATCH', await hubspot.call('PATCH', `${base}/${id}`, { properties }));
    fits('contacts', base, 'POST', await hubspot.call('POST', base, { properties }));
    fits('contacts', `${base}/search`, 'POST', await hubspot.call('POST', `${base}/search`, { limit: 1 }));
    const read = await hubspot.call('POST', `${base}/batch/read`, { inputs: [{ id }, { id: '1' }] });
    assert.equal(read.status, 207);
    fits('contacts', `${base}/batch/read`, 'POST', read);
    const inputs = [
      { properties: { email: 'bad' }, objectWriteTraceId: '1' },
      { properties, objectWriteTraceId: '2' },
    ];
    fits('contacts', `${base}/batch/create`, 'POST', await hubspot.call('POST', `${base}/batch/create`, { inputs }));
    const upsert = { inputs: [{ id: 'up@x.example', idProperty: 'email', properties }] };
    fits('contacts', `${base}/batch/upsert`, 'POST', await hubspot.call('POST', `${base}/batch/upsert`, upsert));
  });

  it('associations', async () => {
    const deal = await hubspot.create('deals', {});
    const company = await hubspot.create('companies', {});
    const pair = '/crm/associations/2026-09/deals/companies/batch';
    const spec = '/crm/associations/2026-09/{fromObjectType}/{toObjectType}/batch';
    const ends = { from: { id: deal }, to: { id: company } };
    const types = [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 5 }];
    const created = await hubspot.call('POST', `${pair}/create`, { inputs: [{ ...ends, types }] });
    fits('associations', `${spec}/create`, 'POST', created);
    const read = await hubspot.call('POST', `${pair}/read`, { inputs: [{ id: deal }, { id: '1' }] });
    fits('associations', `${spec}/read`, 'POST', read);
    const byDefault = await hubspot.call('POST', `${pair}/associate/default`, { inputs: [ends] });
    fits('associations', `${spec}/associate/default`, 'POST', byDefault);
  });

  it('association labels', async () => {
    const spec = '/crm/associations/2026-09/{fromObjectType}/{toObjectType}/labels';
    const path = '/crm/associations/2026-09/deals/contacts/labels';
    fits('associationsSchema', spec, 'GET', await hubspot.call('GET', path));
    const body = { label: 'Fits', name: 'fits' };
    fits('associationsSchema', spec, 'POST', await hubspot.call('POST', path, body));
  });

  it('properties, pipelines, owners, account, schemas', async () => {
    const property = '/crm/properties/2026-09/{objectType}';
    fits('properties', property, 'GET', await hubspot.call('GET', '/crm/properties/2026-09/deals'));
    const pipeline = '/crm/pipelines/2026-09/{objectType}';
    fits('pipelines', pipeline, 'GET', await hubspot.call('GET', '/crm/pipelines/2026-09/deals'));
    fits('crmOwners', '/crm/owners/2026-09', 'GET', await hubspot.call('GET', '/crm/owners/2026-09'));
    const details = '/account-info/2026-09/details';
    fits('accountInfo', details, 'GET', await hubspot.call('GET', details));
    const portal = { portalId: 8_801_009, refreshToken: 'na1-spec', personToken: 'sandbox-spec', customObject: true };
    await hubspot.call('POST', '/_sandbox/portals', portal);
    const schemas = '/crm-object-schemas/2026-09/schemas';
    const answer = await hubspot.call('GET', schemas, undefined, 'sandbox-spec');
    assert.equal(answer.body.results.length, 1);
    fits('schemas', schemas, 'GET', answer);
  });

  it('tokens', async () => {
    const grant = { grant_type: 'refresh_token', refresh_token: portals[0].refreshToken };
    const answer = await hubspot.form('/oauth/2026-09/token', grant);
    fits('oauth', '/oauth/2026-09/token', 'POST', answer);
    assert.equal(answer.body.hub_id, portals[0].portalId);
  });
});
