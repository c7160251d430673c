import assert from 'node:assert/strict';
import { hubspotConnector } from '../../../../connectors/hubspot/connector.ts';
import { startHubspot } from '../../../../sandbox/hubspot/hubspot.ts';
import { hubspotApp } from '../../../../sandbox/seed/credentials.ts';
import { systemClock } from '../../../conformance/system-clock.ts';
import { vendorContext } from '../../sandbox/seed/vendor-context.ts';

const purpose = { lane: 'interactive', what: 'test' } as const;

describe('HubSpot custom objects', () => {
  it('are addressed by their short name, with associations to standard ones', async () => {
    const context = vendorContext();
    const vendor = await startHubspot(context, {});
    vendor.seed();
    try {
      const baseUrl = `http://127.0.0.1:${vendor.port}`;
      const portal = { portalId: 5, refreshToken: 'refresh-5', personToken: 'person-5', customObject: true };
      const headers = { 'content-type': 'application/json' };
      await fetch(`${baseUrl}/_sandbox/portals`, { method: 'POST', headers, body: JSON.stringify(portal) });
      const api = hubspotConnector({
        baseUrl,
        appId: String(hubspotApp.appId),
        clientId: hubspotApp.clientId,
        clientSecret: hubspotApp.clientSecret,
        publicUrl: context.hubUrl,
        clock: systemClock,
      }).open({
        accountId: '5',
        grant: { refreshToken: portal.refreshToken },
        gate: { call: (_about, send) => send(() => undefined) },
        saveGrant: () => Promise.resolve(),
      });
      const create = async (object: string, fields: Record<string, string>): Promise<string> => {
        await api.ensureFields?.(object, [{ name: 'rapport_id', label: 'Rapport id', type: 'text', unique: true }]);
        const row = { recordId: object, externalId: null, fields, before: {} };
        const [outcome] = await api.write(object, 'rapport_id', [row], [], purpose);
        assert.equal(outcome?.status, 'ok', JSON.stringify(outcome));
        return outcome?.status === 'ok' ? outcome.externalId : '';
      };
      const deal = await create('deals', { dealname: 'D', pipeline: 'default', dealstage: 'qualifiedtobuy' });
      const id = await create('rapport_research', { title: 'Brief', summary: 'Short', 'association:deals': deal });
      const { rows } = await api.read('rapport_research', [id], ['summary', 'association:deals'], purpose);
      assert.deepEqual(rows[0]?.fields, { summary: 'Short', 'association:deals': deal });
    } finally {
      await vendor.stop();
      context.storage.close();
    }
  });
});
