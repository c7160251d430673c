import assert from 'node:assert/strict';
import { StandIn } from './stand-in.ts';

const companies = '/crm/objects/2026-09/companies';

describe('HubSpot stand-in: faults of the API', () => {
  let hubspot: StandIn;
  let token: string;
  beforeEach(async () => {
    hubspot = await StandIn.start();
    token = await hubspot.appToken();
  });
  afterEach(() => hubspot.stop());

  const plant = (fault: object) => hubspot.call('POST', '/_sandbox/faults', { faults: [fault] });

  it('api.status answers in HubSpot’s place, once, to the app only', async () => {
    await plant({
      name: 'api.status',
      match: { method: 'GET', type: 'companies' },
      params: { status: 502, retryAfter: 3 },
    });
    assert.equal((await hubspot.call('GET', companies)).status, 200);
    const hit = await hubspot.call('GET', companies, undefined, token);
    assert.equal(hit.status, 502);
    assert.equal(hit.headers.get('retry-after'), '3');
    assert.equal((await hubspot.call('GET', companies, undefined, token)).status, 200);
  });

  it('api.timeout_after_commit does the work and says nothing', async () => {
    await plant({ name: 'api.timeout_after_commit', match: { method: 'POST' } });
    const before = (await hubspot.call('GET', `${companies}?limit=100`)).body.results.length;
    await assert.rejects(hubspot.call('POST', companies, { properties: { name: 'Silent' } }, token));
    assert.equal((await hubspot.call('GET', `${companies}?limit=100`)).body.results.length, before + 1);
  });

  it('api.hang does nothing, says nothing for its time, and then closes', async () => {
    await plant({ name: 'api.hang', match: { method: 'POST' }, params: { for_ms: 150 } });
    const before = (await hubspot.call('GET', `${companies}?limit=100`)).body.results.length;
    const begun_ms = performance.now();
    await assert.rejects(hubspot.call('POST', companies, { properties: { name: 'Unheard' } }, token));
    assert.ok(performance.now() - begun_ms >= 140);
    assert.equal((await hubspot.call('GET', `${companies}?limit=100`)).body.results.length, before);
  });

  it('api.accept_but_ignore answers 2xx and leaves the property', async () => {
    const id = await hubspot.create('companies', { name: 'Keep', city: 'Ulm' });
    await plant({ name: 'api.accept_but_ignore', match: { property: 'city' } });
    const properties = { name: 'New', city: 'Bonn' };
    assert.equal((await hubspot.call('PATCH', `${companies}/${id}`, { properties }, token)).status, 200);
    const { body } = await hubspot.call('GET', `${companies}/${id}?properties=name,city`);
    assert.equal(body.properties.name, 'New');
    assert.equal(body.properties.city, 'Ulm');
  });
});
