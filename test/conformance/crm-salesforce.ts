import assert from 'node:assert/strict';
import { salesforceConnector } from '../../connectors/salesforce/connector.ts';
import { startSalesforce } from '../../sandbox/salesforce/salesforce.ts';
import { orgs } from '../../sandbox/seed/credentials.ts';
import { vendorContext } from '../unit/sandbox/seed/vendor-context.ts';
import type { CrmBench } from './crm-bench.ts';
import { systemClock } from './system-clock.ts';

const [org] = orgs;

/** Org a of the Salesforce stand-in. */
export async function salesforceBench(): Promise<CrmBench> {
  const context = vendorContext();
  const vendor = await startSalesforce(context, { feed: { publish: () => undefined } });
  vendor.seed();
  const url = `http://127.0.0.1:${vendor.port}`;
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: org.person.clientId,
    client_secret: org.person.clientSecret,
  });
  const session = (await (await fetch(`${url}/services/oauth2/token`, { method: 'POST', body: form })).json()) as {
    access_token: string;
  };
  const asPerson = async (method: string, path: string, body?: unknown): Promise<void> => {
    const headers = { authorization: `Bearer ${session.access_token}`, 'content-type': 'application/json' };
    const answer = await fetch(`${url}/services/data/v67.0${path}`, {
      method,
      headers,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  };
  const connector = salesforceConnector({
    loginUrl: url,
    pubsubUrl: 'http://127.0.0.1:1',
    clientName: 'Rapport',
    clock: systemClock,
    timeout_ms: 5_000,
  });
  const client = org.integration.clientId;
  return {
    open: (gate) =>
      connector.open({
        accountId: org.orgId,
        grant: { clientId: client, clientSecret: org.integration.clientSecret },
        gate,
        // Saved only to keep that it was taken back.
        saveGrant: async (grant) => assert.ok(grant['revoked']),
      }),
    object: 'Account',
    idField: 'Rapport_Id__c',
    text: ['Name', 'Phone'],
    refused: { fields: { Name: 'x'.repeat(300) }, field: 'Name' },
    option: { object: 'Opportunity', field: 'StageName', value: 'Qualification' },
    edges: {
      object: 'Opportunity',
      fields: { Name: 'Deal', StageName: 'Prospecting', CloseDate: '2027-01-31' },
      field: 'contactRoles',
      peer: { object: 'Contact', fields: { LastName: 'Someone #', Email: 'someone-#@peer.example' } },
    },
    absent: { id: '001000000000000AAA', object: 'No_Such_Object__c', field: 'No_Such_Field__c' },
    batchSize: 200,
    async fault(name) {
      const match = { client };
      const status = (code: number, errorCode: string, message: string): void =>
        context.faults.arm({ name: 'api.status', match, params: { status: code, errorCode, message } });
      if (name === 'busy') status(403, 'REQUEST_LIMIT_EXCEEDED', 'ConcurrentRequests Limit exceeded.');
      else if (name === 'server_error') status(500, 'UNKNOWN_EXCEPTION', 'An unexpected error occurred.');
      else if (name.startsWith('lost_answer')) {
        const method = name === 'lost_answer' ? 'PATCH' : 'DELETE';
        context.faults.arm({ name: 'api.timeout_after_commit', match: { ...match, method } });
      } else if (name === 'expired_token') context.faults.arm({ name: 'token.expire', match });
      else context.faults.arm({ name: 'token.revoke', match });
    },
    edit: (object, id, fields) => asPerson('PATCH', `/sobjects/${object}/${id}`, fields),
    addPeer: (id, peer) => asPerson('POST', '/sobjects/OpportunityContactRole', { OpportunityId: id, ContactId: peer }),
    remove: (object, id) => asPerson('DELETE', `/sobjects/${object}/${id}`),
    async merge(_object, masterId, loser) {
      const headers = { authorization: `Bearer ${session.access_token}`, 'content-type': 'application/json' };
      const body = JSON.stringify({ masterId, mergeIds: [loser] });
      const answer = await fetch(`${url}/_ui/merge`, { method: 'POST', headers, body });
      if (!answer.ok) throw new Error(`merge: ${answer.status} ${await answer.text()}`);
      return masterId;
    },
    async stop() {
      await vendor.stop();
      context.storage.close();
    },
  };
}
