import assert from 'node:assert/strict';
import { StandIn } from './stand-in.ts';
import { hubspotApp, portals } from '../../../../sandbox/seed/credentials.ts';

const details = '/account-info/2026-09/details';
const refresh = { grant_type: 'refresh_token', refresh_token: portals[0].refreshToken };

describe('HubSpot stand-in: OAuth (OpenAPI oauth.json)', () => {
  let hubspot: StandIn;
  beforeEach(async () => {
    hubspot = await StandIn.start();
  });
  afterEach(() => hubspot.stop());

  it('refreshes on both path versions; the token says whose it is and lasts 1800 s by the clock', async () => {
    const { status, body } = await hubspot.form('/oauth/2026-03/token', refresh);
    assert.equal(status, 200);
    assert.equal(body.expires_in, 1800);
    assert.equal(body.hub_id, portals[0].portalId);
    assert.equal(body.refresh_token, portals[0].refreshToken);
    assert.equal(body.token_type, 'bearer');
    assert.ok(body.access_token.length > 250);
    const token = body.access_token;
    assert.equal((await hubspot.call('GET', details, undefined, token)).body.portalId, portals[0].portalId);
    hubspot.context.clock.advance(1_807_000);
    const late = await hubspot.call('GET', details, undefined, token);
    assert.equal(late.status, 401);
    assert.equal(late.body.category, 'EXPIRED_AUTHENTICATION');
    assert.equal(late.body.message, 'The OAuth token used to make this call expired 7 second(s) ago.');
  });

  it('answers 401 INVALID_AUTHENTICATION to a token it never gave', async () => {
    const { status, body } = await hubspot.call('GET', details, undefined, 'stranger');
    assert.equal(status, 401);
    assert.equal(body.category, 'INVALID_AUTHENTICATION');
  });

  it('refuses a wrong refresh token as BAD_REFRESH_TOKEN and a wrong secret as invalid_client', async () => {
    const wrong = await hubspot.form('/oauth/2026-09/token', { ...refresh, refresh_token: 'na1-nobody' });
    assert.equal(wrong.status, 400);
    assert.equal(wrong.body.error, 'invalid_grant');
    assert.equal(wrong.body.status, 'BAD_REFRESH_TOKEN');
    const client = await hubspot.form('/oauth/2026-09/token', { ...refresh, client_secret: 'x' });
    assert.equal(client.body.error, 'invalid_client');
  });

  it('revoking stops the refresh token and leaves the access token alive', async () => {
    const token = await hubspot.appToken();
    assert.equal((await hubspot.form('/oauth/2026-09/token/revoke', { token: refresh.refresh_token })).status, 204);
    assert.equal((await hubspot.form('/oauth/2026-09/token', refresh)).body.status, 'BAD_REFRESH_TOKEN');
    assert.equal((await hubspot.call('GET', details, undefined, token)).status, 200);
    const about = await hubspot.form('/oauth/2026-09/token/introspect', { token: refresh.refresh_token });
    assert.equal(about.body.active, false);
  });

  it('the fault token.rotate gives another refresh token and refuses the one used, for one portal', async () => {
    hubspot.context.faults.arm({ name: 'token.rotate', match: { portalId: String(portals[0].portalId) } });
    const { body } = await hubspot.form('/oauth/2026-09/token', refresh);
    assert.notEqual(body.refresh_token, refresh.refresh_token);
    assert.equal((await hubspot.call('GET', details, undefined, body.access_token)).status, 200);
    assert.equal((await hubspot.form('/oauth/2026-09/token', refresh)).body.status, 'BAD_REFRESH_TOKEN');
    const next = { ...refresh, refresh_token: body.refresh_token };
    assert.equal((await hubspot.form('/oauth/2026-09/token', next)).body.refresh_token, body.refresh_token);
  });

  it('the fault token.revoke stops one portal, access tokens too when asked', async () => {
    const token = await hubspot.appToken();
    hubspot.context.faults.arm({
      name: 'token.revoke',
      match: { portalId: String(portals[0].portalId) },
      params: { accessTokens: true },
    });
    assert.equal((await hubspot.call('GET', details, undefined, token)).status, 401);
    assert.equal((await hubspot.form('/oauth/2026-09/token', refresh)).status, 400);
    const other = await hubspot.form('/oauth/2026-09/token', { ...refresh, refresh_token: portals[1].refreshToken });
    assert.equal(other.status, 200);
  });

  it('authorizes at once, and a code works once', async () => {
    const redirect_uri = 'http://localhost:4000/oauth/hubspot/callback';
    const query = new URLSearchParams({
      client_id: hubspotApp.clientId,
      redirect_uri,
      scope: 'oauth crm.objects.deals.read',
      state: 's1',
    });
    const consent = await fetch(`${hubspot.url}/oauth/${portals[1].portalId}/authorize?${query}`, {
      redirect: 'manual',
    });
    const back = new URL(consent.headers.get('location') ?? '');
    assert.equal(back.searchParams.get('state'), 's1');
    const form = { grant_type: 'authorization_code', redirect_uri, code: back.searchParams.get('code') ?? '' };
    const { body } = await hubspot.form('/oauth/2026-09/token', form);
    assert.equal(body.hub_id, portals[1].portalId);
    assert.equal((await hubspot.form('/oauth/2026-09/token', form)).body.status, 'BAD_AUTH_CODE');
    const denied = await hubspot.call('GET', '/crm/objects/2026-09/contacts', undefined, body.access_token);
    assert.equal(denied.status, 403);
    assert.equal(denied.body.category, 'MISSING_SCOPES');
    assert.deepEqual(denied.body.errors[0].context.requiredGranularScopes, ['crm.objects.contacts.read']);
  });

  it('uninstalling ends the tokens and the webhooks', async () => {
    const token = await hubspot.appToken();
    assert.equal((await hubspot.call('DELETE', '/appinstalls/2026-09/external-install', undefined, token)).status, 204);
    assert.equal((await hubspot.call('GET', details, undefined, token)).status, 401);
    await hubspot.create('companies', { name: 'Unheard' });
    assert.equal((await hubspot.call('GET', '/_sandbox/webhooks')).body.pending, 0);
  });
});
