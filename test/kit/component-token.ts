import assert from 'node:assert/strict';
import { orgs } from '../../sandbox/seed/credentials.ts';
import type { House, TenantKey } from './house.ts';

/** Asks the hub for a token as an org's External Credential does. */
export function askToken(
  house: House,
  form: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<Response> {
  const url = `${house.urls.hub}/salesforce/oauth/token`;
  return fetch(url, { method: 'POST', headers, body: new URLSearchParams(form) });
}

/** A token of a tenant's org. */
export async function componentToken(house: House, tenant: TenantKey): Promise<string> {
  const { backEnd } = orgs.find((one) => one.tenant === tenant) as (typeof orgs)[number];
  const { clientId, clientSecret } = backEnd;
  const answer = await askToken(house, {
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: clientSecret,
  });
  assert.equal(answer.status, 200);
  const { access_token, token_type, expires_in } = (await answer.json()) as Record<string, unknown>;
  assert.deepEqual([token_type, expires_in], ['Bearer', 900]);
  return String(access_token);
}

/** A call of the package's Apex. */
export function componentCall(house: House, token: string, path: string, body?: object): Promise<Response> {
  return fetch(house.urls.hub + path, {
    method: body ? 'POST' : 'GET',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
}
