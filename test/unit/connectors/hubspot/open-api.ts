import { setTimeout as sleep } from 'node:timers/promises';
import { hubspotConnector } from '../../../../connectors/hubspot/connector.ts';
import type { CrmApi, Grant } from '../../../../protocol/crm-connector.ts';
import type { BudgetReading, Gate } from '../../../../protocol/ports/gate.ts';
import { localVendor, type LocalVendor, type Reply, type Seen } from '../local-vendor.ts';

export const now_ms = 1_800_000_000_000;

export interface OpenApi {
  api: CrmApi;
  vendor: LocalVendor;
  /** Calls other than for tokens. */
  calls(): Seen[];
  readings: BudgetReading[];
  saved: Grant[];
  connector: ReturnType<typeof hubspotConnector>;
  /** Of account 77. */
  prove(grant: Grant): Promise<Grant>;
}

/** An API over a server that gives tokens by itself; the clock stands still, timeouts come after 50 ms. */
export async function openApi(
  reply: (seen: Seen) => Reply,
  options: { grant?: Grant; stored?: Grant; token?: (seen: Seen) => Reply; timeout_ms?: number } = {},
): Promise<OpenApi> {
  const isToken = (seen: Seen): boolean => seen.path.startsWith('/oauth/');
  const issue = { access_token: 'access-1', refresh_token: 'refresh-2', expires_in: 1800, hub_id: 77 };
  const token = options.token ?? (() => ({ status: 200, body: issue }));
  const vendor = await localVendor((seen) => (isToken(seen) ? token(seen) : reply(seen)));
  const connector = hubspotConnector({
    baseUrl: vendor.url,
    appId: '42',
    clientId: 'client',
    clientSecret: 'secret',
    publicUrl: 'https://hub.example',
    clock: { now_ms: () => now_ms, sleep: (duration_ms, signal) => sleep(duration_ms, undefined, { signal }) },
    timeout_ms: options.timeout_ms ?? 1000,
  });
  const readings: BudgetReading[] = [];
  const saved: Grant[] = [];
  const gate: Gate = { call: (_about, send) => send((reading) => void readings.push(reading)) };
  const api = connector.open({
    accountId: '77',
    grant: options.grant ?? { refreshToken: 'refresh-1' },
    gate,
    saveGrant: async (grant) => void saved.push(grant),
    ...(options.stored && { readGrant: () => Promise.resolve(options.stored as Grant) }),
  });
  const calls = (): Seen[] => vendor.seen.filter((seen) => !isToken(seen));
  const prove = (grant: Grant): Promise<Grant> => connector.proveGrant({ accountId: '77', grant, gate });
  return { api, vendor, calls, readings, saved, connector, prove };
}
