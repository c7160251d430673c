import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { signV2, signV3 } from '../../../../sandbox/hubspot/signature.ts';
import { hubspotApp, portals } from '../../../../sandbox/seed/credentials.ts';
import { StandIn, until } from './stand-in.ts';

const user = { id: 500_001, email: 'ada@rep.example' };
const { portalId } = portals[0];

const files: Record<string, object> = {
  'hsprofile.dev.json': { variables: { HUB_URL: 'https://hub.example' } },
  'app/app-hsmeta.json': {
    uid: 'app',
    type: 'app',
    config: {
      auth: {
        type: 'oauth',
        redirectUrls: ['http://localhost:4000/cb'],
        requiredScopes: ['oauth', 'crm.objects.companies.read'],
        optionalScopes: ['crm.objects.deals.read'],
      },
      permittedUrls: { fetch: ['${HUB_URL}/cards'], iframe: [], img: [] },
    },
  },
  'app/webhooks/webhooks-hsmeta.json': {
    uid: 'webhooks',
    type: 'webhooks',
    config: {
      settings: { targetUrl: '${HUB_URL}/in', maxConcurrentRequests: 10 },
      subscriptions: {
        crmObjects: [
          { subscriptionType: 'object.propertyChange', objectType: 'company', propertyName: 'name', active: true },
          { subscriptionType: 'object.propertyChange', objectType: 'company', propertyName: 'city', active: false },
        ],
        legacyCrmObjects: [{ subscriptionType: 'company.creation', objectType: 'company', active: true }],
        hubEvents: [],
      },
    },
  },
  'app/workflow-actions/research-hsmeta.json': {
    uid: 'research',
    type: 'workflow-action',
    config: {
      actionUrl: '${HUB_URL}/actions/research',
      inputFields: [{ typeDefinition: { name: 'depth', type: 'string' }, isRequired: false }],
      objectRequestOptions: { properties: ['dealname'] },
    },
  },
};

describe('HubSpot stand-in: a developer project, and what HubSpot’s pages do for its app', () => {
  let folder: string;
  let hubspot: StandIn;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'hubspot-project-'));
    for (const [name, content] of Object.entries(files)) {
      const path = join(folder, 'src', name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, JSON.stringify(content));
    }
    hubspot = await StandIn.start(() => ({ project: folder }));
  });
  after(async () => {
    await hubspot.stop();
    rmSync(folder, { recursive: true });
  });
  beforeEach(() => {
    hubspot.received.length = 0;
    hubspot.reply = () => ({ status: 200, body: { ok: true } });
  });

  const card = (path: string, more: object = {}) =>
    hubspot.call('POST', '/_ui/hubspot-fetch', {
      portalId,
      user,
      url: hubspot.context.hubUrl + path,
      method: 'GET',
      ...more,
    });

  it('sends only what the project subscribes and has active, to its target', async () => {
    const properties = { name: 'Acme', city: 'Ulm' };
    await hubspot.create('companies', properties);
    await until(() => hubspot.events().length === 2);
    assert.equal(hubspot.received[0]?.url, '/in');
    assert.deepEqual(
      hubspot
        .events()
        .map((event) => [event['subscriptionType'], event['propertyName']])
        .sort((a, b) => String(a[0]).localeCompare(String(b[0]))),
      [
        ['company.creation', undefined],
        ['object.propertyChange', 'name'],
      ],
    );
  });

  it('limits the app to the scopes of its project', async () => {
    const token = await hubspot.appToken();
    assert.equal((await hubspot.call('GET', '/crm/objects/2026-09/companies', undefined, token)).status, 200);
    const body = { properties: { name: 'x' } };
    assert.equal((await hubspot.call('POST', '/crm/objects/2026-09/companies', body, token)).status, 403);
    const query = `client_id=${hubspotApp.clientId}&redirect_uri=http://localhost:4000/cb&scope=oauth`;
    assert.equal((await fetch(`${hubspot.url}/oauth/authorize?${query}`)).status, 400);
  });

  it('adds who and where to a card’s call and signs it (HubSpot docs, fetching data)', async () => {
    const answer = await card('/cards/deal?dealId=7', { method: 'POST', body: { a: 1 } });
    assert.deepEqual(answer.body, { ok: true });
    const [request] = hubspot.received;
    const query = new URL(request?.url ?? '', hubspot.context.hubUrl).searchParams;
    assert.equal(query.get('portalId'), String(portalId));
    assert.equal(query.get('userEmail'), user.email);
    assert.equal(query.get('userId'), String(user.id));
    assert.equal(query.get('appId'), String(hubspotApp.appId));
    const uri = hubspot.context.hubUrl + request?.url;
    const at_ms = Number(request?.headers['x-hubspot-request-timestamp']);
    const expected = signV3(hubspotApp.clientSecret, { method: 'POST', uri, body: '{"a":1}' }, at_ms);
    assert.equal(request?.headers['x-hubspot-signature-v3'], expected);
    assert.match(request?.url ?? '', /userEmail=ada%40rep\.example/);
  });

  it('refuses what is not permitted: another origin, another path, another header', async () => {
    const elsewhere = { portalId, user, url: 'https://evil.example/', method: 'GET' };
    assert.equal((await hubspot.call('POST', '/_ui/hubspot-fetch', elsewhere)).status, 400);
    assert.equal((await card('/private')).status, 400);
    assert.equal((await card('/cards/deal', { headers: { 'x-own': '1' } })).status, 400);
    assert.equal(hubspot.received.length, 0);
  });

  it('tries once more after 5xx, and wraps a refusal as BAD_GATEWAY', async () => {
    hubspot.reply = () => ({ status: hubspot.received.length === 1 ? 503 : 200, body: { again: true } });
    assert.deepEqual((await card('/cards/deal')).body, { again: true });
    hubspot.reply = () => ({ status: 404, body: { message: 'no such deal' } });
    const { status, body } = await card('/cards/deal');
    assert.equal(status, 502);
    assert.equal(body.category, 'BAD_GATEWAY');
    assert.deepEqual(body.context.appServerStatusCode, ['404']);
    assert.deepEqual(body.responseBody, { message: 'no such deal' });
  });

  it('runs the workflow action with signature v2; a blocked step is completed by its callback', async () => {
    const deal = (await hubspot.call('GET', '/crm/objects/2026-09/deals')).body.results[0].id;
    hubspot.reply = () => ({ status: 200, body: { outputFields: { hs_execution_state: 'BLOCK' } } });
    const enrol = { portalId, dealId: deal, actionUid: 'research', inputFields: { depth: 'full' } };
    const started = await hubspot.call('POST', '/_ui/workflow-action', enrol);
    assert.equal(started.body.state, 'BLOCKED');
    const [request] = hubspot.received;
    const uri = hubspot.context.hubUrl + request?.url;
    const body = request?.body ?? '';
    assert.equal(
      request?.headers['x-hubspot-signature'],
      signV2(hubspotApp.clientSecret, { method: 'POST', uri, body }),
    );
    const sent = JSON.parse(body);
    assert.equal(sent.callbackId, started.body.callbackId);
    assert.equal(sent.origin.portalId, portalId);
    assert.equal(sent.object.objectId, Number(deal));
    assert.equal(sent.object.properties.dealname, 'Northwind rollout');
    const token = await hubspot.appToken();
    const done = { outputFields: { summary: 'ok' }, typedOutputs: {} };
    const path = `/automation/actions/callbacks/2026-09/${sent.callbackId}/complete`;
    assert.equal((await hubspot.call('POST', path, { outputFields: {} }, token)).status, 400);
    assert.equal((await hubspot.call('POST', path, done, token)).status, 204);
    const batch = { inputs: [{ callbackId: sent.callbackId, ...done, outputFields: { summary: 'late' } }] };
    await hubspot.call('POST', '/automation/actions/callbacks/2026-09/complete', batch, token);
    const state = (await hubspot.call('GET', `/_ui/callbacks/${sent.callbackId}`)).body;
    assert.equal(state.state, 'COMPLETED');
    assert.equal(state.completions, 2);
    assert.deepEqual(state.outputFields, { summary: 'ok' });
  });

  it('says what is wrong with a project', async () => {
    await assert.rejects(hubspot.restart({ project: join(folder, 'nowhere') }), /has no folder src\/app/);
    await hubspot.restart({ project: folder });
  });
});
