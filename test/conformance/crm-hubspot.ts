import { hubspotConnector } from '../../connectors/hubspot/connector.ts';
import type { VendorFields } from '../../protocol/fields.ts';
import { startHubspot } from '../../sandbox/hubspot/hubspot.ts';
import { hubspotApp, portals } from '../../sandbox/seed/credentials.ts';
import { vendorContext } from '../unit/sandbox/seed/vendor-context.ts';
import type { CrmBench } from './crm-bench.ts';
import { systemClock } from './system-clock.ts';

const [portal] = portals;

/** Portal a of the HubSpot stand-in, its own limits off: the suite is about the connector, not about waiting. */
export async function hubspotBench(): Promise<CrmBench> {
  const context = vendorContext();
  const vendor = await startHubspot(context, {});
  vendor.seed();
  const url = `http://127.0.0.1:${vendor.port}`;
  const asPerson = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const headers = { authorization: `Bearer ${portal.personToken}`, 'content-type': 'application/json' };
    const answer = await fetch(url + path, {
      method,
      headers,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  };
  await asPerson('POST', '/_sandbox/limits', { enabled: false, searchLag_ms: 0 });
  const connector = hubspotConnector({
    baseUrl: url,
    appId: String(hubspotApp.appId),
    clientId: hubspotApp.clientId,
    clientSecret: hubspotApp.clientSecret,
    publicUrl: context.hubUrl,
    clock: systemClock,
    timeout_ms: 5_000,
  });
  const setUp = connector.open({
    accountId: String(portal.portalId),
    grant: { refreshToken: portal.refreshToken },
    gate: { call: (_about, send) => send(() => undefined) },
    saveGrant: () => Promise.resolve(),
  });
  const ours = { name: 'rapport_id', label: 'Rapport id', type: 'text', unique: true } as const;
  for (const object of ['companies', 'contacts', 'deals']) await setUp.ensureFields?.(object, [ours]);

  return {
    open: (gate) =>
      connector.open({
        accountId: String(portal.portalId),
        grant: { refreshToken: portal.refreshToken },
        gate,
        saveGrant: () => Promise.resolve(),
      }),
    object: 'companies',
    idField: 'rapport_id',
    text: ['name', 'phone'],
    refused: { fields: { name: 'Bad', industry: 'NOT_AN_OPTION' }, field: 'industry' },
    option: { object: 'deals', field: 'dealstage', value: 'qualifiedtobuy' },
    edges: {
      object: 'deals',
      fields: { dealname: 'Deal', pipeline: 'default', dealstage: 'appointmentscheduled' },
      field: 'associations:contacts',
      peer: { object: 'contacts', fields: { email: 'someone-#@peer.example' } },
    },
    absent: { id: '999999999999', object: 'no_such_object', field: 'no_such_property' },
    batchSize: 100,
    async fault(name) {
      const status = (code: number, body: object) =>
        context.faults.arm({ name: 'api.status', params: { status: code, body } });
      if (name === 'busy') {
        const body = { status: 'error', errorType: 'RATE_LIMIT', policyName: 'TEN_SECONDLY_ROLLING', message: 'limit' };
        status(429, { ...body, category: 'RATE_LIMITS' });
      } else if (name === 'server_error') status(502, { status: 'error', message: 'bad gateway' });
      else if (name.startsWith('lost_answer'))
        context.faults.arm({ name: 'api.timeout_after_commit', match: { method: 'POST' } });
      else if (name === 'expired_token') context.clock.advance(31 * 60_000);
      else context.faults.arm({ name: 'token.revoke', params: { accessTokens: true } });
    },
    async edit(object, id, fields: VendorFields) {
      await asPerson('PATCH', `/crm/objects/2026-09/${object}/${id}`, { properties: fields });
    },
    async addPeer(id, peer) {
      await asPerson('PUT', `/crm/objects/2026-09/deals/${id}/associations/default/contacts/${peer}`);
    },
    merge: async (object, primaryObjectId, objectIdToMerge) =>
      (
        (await asPerson('POST', `/crm/objects/2026-09/${object}/merge`, { primaryObjectId, objectIdToMerge })) as {
          id: string;
        }
      ).id,
    async remove(object, id) {
      await asPerson('DELETE', `/crm/objects/2026-09/${object}/${id}`);
    },
    async stop() {
      await vendor.stop();
      context.storage.close();
    },
  };
}
