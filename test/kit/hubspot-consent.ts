import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Grant } from '../../protocol/crm-connector.ts';
import { hubspotApp } from '../../sandbox/seed/credentials.ts';

const app = join(import.meta.dirname, '..', '..', 'crm-apps', 'hubspot', 'src', 'app', 'app-hsmeta.json');

/** A portal's admin connects the app: goes through HubSpot's consent page, and the code is exchanged for a grant. */
export async function consentOf(urls: { hub: string; hubspot: string }, portalId: number): Promise<Grant> {
  const { config } = JSON.parse(readFileSync(app, 'utf8')) as {
    config: { auth: { requiredScopes: string[]; optionalScopes: string[]; redirectUrls: string[] } };
  };
  const { requiredScopes, optionalScopes, redirectUrls } = config.auth;
  const redirect_uri = (redirectUrls[0] ?? '').replace('${HUB_URL}', urls.hub);
  const query = new URLSearchParams({
    client_id: hubspotApp.clientId,
    redirect_uri,
    scope: requiredScopes.join(' '),
    optional_scope: optionalScopes.join(' '),
    portalId: String(portalId),
  });
  const page = await fetch(`${urls.hubspot}/oauth/authorize?${query}`, { redirect: 'manual' });
  const back = page.headers.get('location');
  assert.ok(back !== null, `the consent page answers ${page.status}: ${await page.text()}`);
  const exchanged = await fetch(`${urls.hubspot}/oauth/2026-09/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: hubspotApp.clientId,
      client_secret: hubspotApp.clientSecret,
      code: new URL(back).searchParams.get('code') ?? '',
      redirect_uri,
    }),
  });
  const { refresh_token } = (await exchanged.json()) as { refresh_token?: string };
  assert.ok(refresh_token !== undefined, `the code is answered by ${exchanged.status}`);
  return { refreshToken: refresh_token };
}
