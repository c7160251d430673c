import { setTimeout as sleep } from 'node:timers/promises';
import { salesforceConnector } from '../../../../connectors/salesforce/connector.ts';
import type { CrmApi, Grant } from '../../../../protocol/crm-connector.ts';
import type { BudgetReading, Gate } from '../../../../protocol/ports/gate.ts';
import { localVendor, type LocalVendor, type Reply, type Seen } from '../local-vendor.ts';

export const now_ms = 1_800_000_000_000;
export const orgId = '00D5f000000SbA1EAM';
export const userId = '0055f000000IntAAAU';

export interface OpenApi {
  api: CrmApi;
  vendor: LocalVendor;
  /** Paths below the version, of calls other than for tokens and describes. */
  calls(): Seen[];
  tokens(): Seen[];
  readings: BudgetReading[];
  saved: Grant[];
  /** Of the org `orgId`. */
  prove(grant: Grant): Promise<Grant>;
}

/** A describe answer with these fields, all writable texts. */
export function describeOf(names: readonly string[]): Reply {
  const fields = names.map((name) => ({
    name,
    label: name,
    type: 'string',
    length: 80,
    nillable: true,
    createable: true,
    updateable: true,
    defaultedOnCreate: false,
    picklistValues: [],
  }));
  return { status: 200, body: { fields } };
}

/** An API over a server that gives tokens and describes by itself; the clock stands still. */
export async function openApi(
  reply: (seen: Seen) => Reply,
  options: {
    grant?: Grant;
    /** What the store holds meanwhile. */
    stored?: Grant;
    token?: (seen: Seen, url: string) => Reply;
    describe?: () => Reply;
    timeout_ms?: number;
  } = {},
): Promise<OpenApi> {
  let url = '';
  const issue = (): Reply => ({
    status: 200,
    body: { access_token: 'token-1', instance_url: url, id: `${url}/id/${orgId}/${userId}`, token_type: 'Bearer' },
  });
  const isToken = (seen: Seen): boolean => seen.path === '/services/oauth2/token';
  const isDescribe = (seen: Seen): boolean => seen.path.endsWith('/describe');
  const describe = options.describe ?? (() => describeOf(['Id', 'Name', 'Rapport_Id__c', 'StageName']));
  const vendor = await localVendor((seen) => {
    if (isToken(seen)) return options.token ? options.token(seen, url) : issue();
    return isDescribe(seen) ? describe() : reply(seen);
  });
  url = vendor.url;
  const connector = salesforceConnector({
    loginUrl: url,
    pubsubUrl: 'http://127.0.0.1:1',
    clientName: 'Rapport',
    clock: { now_ms: () => now_ms, sleep: (duration_ms, signal) => sleep(duration_ms, undefined, { signal }) },
    timeout_ms: options.timeout_ms ?? 1000,
  });
  const readings: BudgetReading[] = [];
  const saved: Grant[] = [];
  const gate: Gate = { call: (_about, send) => send((reading) => void readings.push(reading)) };
  const api = connector.open({
    accountId: orgId,
    grant: options.grant ?? { clientId: 'client', clientSecret: 'secret' },
    gate,
    ...(options.stored && { readGrant: async () => options.stored as Grant }),
    saveGrant: async (grant) => void saved.push(grant),
  });
  return {
    api,
    vendor,
    calls: () => vendor.seen.filter((seen) => !isToken(seen) && !isDescribe(seen)),
    tokens: () => vendor.seen.filter(isToken),
    readings,
    saved,
    prove: (grant) => connector.proveGrant({ accountId: orgId, grant, gate }),
  };
}
