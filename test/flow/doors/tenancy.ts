import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { Problems } from '../../../hub/http/problems.ts';
import type { Route } from '../../../hub/http/route.ts';
import { hubRoutes, type RoutesDeps } from '../../../hub/http/routes.ts';
import { readConfig } from '../../../hub/config.ts';
import { createRegistry } from '../../../hub/registry.ts';
import { systemClock } from '../../../hub/system-clock.ts';
import { hubspotApp, orgs } from '../../../sandbox/seed/credentials.ts';
import { portalIds } from '../../kit/card-fetch.ts';
import { askToken, componentCall, componentToken } from '../../kit/component-token.ts';
import { eventually } from '../../kit/eventually.ts';
import type { House } from '../../kit/house.ts';
import { callActionAsHubspot, callAsHubspot, propertyChange } from '../../kit/hubspot-app.ts';
import { pairOf } from '../../kit/pairs.ts';

const mark = 'Only tenant a may read this';

/** The second tenant asks every route, by every name that something of the first tenant has. */
export function tenancy(house: () => House): void {
  let routes: readonly Route[] = [];
  /** Names of things of tenant a that tenant b has not. */
  let foreign: { hubspot: string; salesforce: string; others: string[] };
  /** Texts that no answer to tenant b may hold. */
  let secret: string[] = [];
  const asked = async (answer: Promise<Response>): Promise<{ status: number; text: string }> => {
    const { status, ...rest } = await answer.then(async (one) => ({ status: one.status, text: await one.text() }));
    return { status, text: rest.text };
  };
  const signedBy = (portalId: number): Record<string, string> => ({
    userId: '500001',
    portalId: String(portalId),
    userEmail: 'viewer@flow.example',
    appId: String(hubspotApp.appId),
  });
  const card = (path: string, query: Record<string, string>, body?: object): Promise<Response> =>
    callAsHubspot(
      body ? 'POST' : 'GET',
      `${house().urls.hub}${path}?${new URLSearchParams({ ...query, ...signedBy(portalIds.b) }).toString()}`,
      body && JSON.stringify(body),
    );

  /** How tenant b, by its own right, asks a route for the thing called `id`. */
  const byTenantB: Record<string, (id: string) => Promise<Response>> = {
    'GET /': () => fetch(`${house().urls.hub}/`),
    'GET /health/live': () => fetch(`${house().urls.hub}/health/live`),
    'GET /health/ready': () => fetch(`${house().urls.hub}/health/ready`),
    'POST /webhooks/hubspot': (id) =>
      callAsHubspot(
        'POST',
        `${house().urls.hub}/webhooks/hubspot`,
        JSON.stringify([propertyChange({ portalId: 9_999_997, objectId: Number(id) || 1 })]),
      ),
    'GET /cards/deal': (id) => card('/cards/deal', { objectId: id }),
    'POST /cards/research': (id) => card('/cards/research', {}, { objectId: id, clickId: randomUUID() }),
    'POST /hubspot/actions/research': (id) => {
      const object = { objectId: Number(id) || 1, objectType: 'DEAL' };
      const call = { callbackId: `ap-${randomUUID()}`, origin: { portalId: 9_999_997 }, object };
      return callActionAsHubspot(`${house().urls.hub}/hubspot/actions/research`, JSON.stringify(call));
    },
    'POST /salesforce/oauth/token': (id) =>
      askToken(house(), {
        grant_type: 'client_credentials',
        client_id: id,
        client_secret: orgs[1].backEnd.clientSecret,
      }),
    'GET /salesforce/deal': async (id) =>
      componentCall(
        house(),
        await componentToken(house(), 'b'),
        `/salesforce/deal?${new URLSearchParams({ recordId: id, userId: '0055f000000AAAAAAA' }).toString()}`,
      ),
    'POST /salesforce/research': async (id) =>
      componentCall(house(), await componentToken(house(), 'b'), '/salesforce/research', {
        recordId: id,
        userId: '0055f000000AAAAAAA',
        clickId: randomUUID(),
      }),
    'GET /api/status': () => asOperator('/api/status'),
    'GET /metrics': () => asOperator('/metrics'),
    'GET /api/runs': () => asOperator('/api/runs'),
    'POST /api/runs/start': (id) => asOperator('/api/runs/start', { group: id }),
    'POST /api/runs/cancel': (id) => asOperator('/api/runs/cancel', { group: id }),
    'POST /api/reconnect': (id) => asOperator('/api/reconnect', { tenantId: 'tenant-a', installationId: id }),
    'POST /api/sweep': (id) => asOperator('/api/sweep', { tenantId: 'tenant-a', installationId: id }),
    'GET /api/history': (id) =>
      asOperator(
        `/api/history?${new URLSearchParams({ vendor: 'hubspot', account: String(portalIds.a), object: 'deals', id }).toString()}`,
      ),
    'GET /api/parked': (id) => asOperator(`/api/parked?${new URLSearchParams({ tenant: id }).toString()}`),
    'POST /api/parked/retry': (id) => asOperator('/api/parked/retry', { tenant: 'tenant-a', id }),
    'POST /api/deletes/confirm': (id) =>
      asOperator('/api/deletes/confirm', { tenantId: 'tenant-a', installationId: id, object: 'companies' }),
    'POST /api/conflicts/restore': (id) => asOperator('/api/conflicts/restore', { tenant: 'tenant-a', id }),
    'POST /api/changes/undo': (id) =>
      asOperator('/api/changes/undo', {
        tenant: id,
        from: '2020-01-01T00:00:00Z',
        to: '2040-01-01T00:00:00Z',
        confirm: true,
      }),
  };

  /** With the second tenant's own token, which is none of the operator's. */
  async function asOperator(path: string, body?: object): Promise<Response> {
    return componentCall(house(), await componentToken(house(), 'b'), path, body);
  }

  describe('tenants', () => {
    before(async () => {
      const { people } = house();
      const { connectors } = createRegistry(readConfig(house().env), systemClock);
      routes = hubRoutes({ connectors, problems: new Problems(), clock: systemClock } as RoutesDeps, {
        inbound: true,
        gateway: true,
      });
      const company = await people.a.hubspot.create('companies', { name: `${mark} Ltd`, domain: 'only-a.example' });
      const deal = await people.a.hubspot.create('deals', { dealname: mark, dealstage: 'appointmentscheduled' });
      await people.a.hubspot.associate('deals', deal, 'companies', company);
      const pair = await pairOf(house(), 'deal', { hubspot: deal }, 15_000);
      foreign = { ...pair, others: [pair.recordId, 'tenant-a', 'hubspot-a', 'salesforce-a', orgs[0].orgId] };
      secret = [mark, pair.recordId, 'only-a.example'];
      await house().quiet();
    });

    it('every route stands in the matrix', () => {
      assert.deepEqual(Object.keys(byTenantB).sort(), routes.map(({ method, path }) => `${method} ${path}`).sort());
    });

    it('the second asks every route by every name of the first, and reads nothing of it', async () => {
      const ids = [foreign.hubspot, foreign.salesforce, ...foreign.others];
      for (const [name, ask] of Object.entries(byTenantB))
        for (const id of ids) {
          const { status, text } = await asked(ask(id));
          assert.ok(status < 500, `${name} ${id}: ${status}`);
          for (const hidden of secret) assert.ok(!text.includes(hidden), `${name} ${id} tells ${hidden}`);
        }
      const view = await asked((byTenantB['GET /cards/deal'] as (id: string) => Promise<Response>)(foreign.hubspot));
      assert.deepEqual(JSON.parse(view.text), { status: 'not_synced' });
      const runs = await house().sql('select id from run', [], 'b');
      assert.deepEqual(runs, [], 'and starts nothing');
    });

    it('the first reads by the same names what the second could not', async () => {
      const query = new URLSearchParams({ objectId: foreign.hubspot, ...signedBy(portalIds.a) });
      await eventually(async () => {
        const { text } = await asked(
          callAsHubspot('GET', `${house().urls.hub}/cards/deal?${query.toString()}`, undefined),
        );
        assert.equal((JSON.parse(text) as { status: string }).status, 'ok');
      });
    });

    it('nobody is let in without credentials, by any method', async () => {
      for (const { method, path, policy } of routes) {
        const { status } = await fetch(house().urls.hub + path, { method });
        if (policy === 'open') assert.equal(status, 200, path);
        else if (policy === 'client-credentials') assert.ok([400, 401].includes(status), path);
        else assert.equal(status, 401, path);
        for (const other of ['PUT', 'PATCH', 'DELETE', method === 'GET' ? 'POST' : 'GET']) {
          const refused = await fetch(house().urls.hub + path, { method: other });
          assert.ok([404, 405, 501].includes(refused.status), `${other} ${path}: ${refused.status}`);
        }
      }
    });
  });
}
