import assert from 'node:assert/strict';
import { Reconnect, RetryLater } from '../../../../protocol/errors.ts';
import { now_ms, openApi, type OpenApi } from './open-api.ts';

describe('A HubSpot grant that a person gives', () => {
  let open: OpenApi;
  afterEach(() => open.vendor.stop());
  const details = (portalId: number) => ({ status: 200, body: { portalId, timeZone: 'UTC' } });

  it('is renewed, and asked which portal it opens', async () => {
    open = await openApi(() => details(77));
    const proven = await open.prove({ refreshToken: 'given' });
    assert.deepEqual(proven, {
      refreshToken: 'refresh-2',
      accessToken: 'access-1',
      expiresAt_ms: String(now_ms + 1_800_000),
    });
    const [call] = open.calls();
    assert.deepEqual(
      [call?.path, call?.headers['authorization']],
      ['/account-info/2026-09/details', 'Bearer access-1'],
    );
    assert.deepEqual(open.saved, []);
  });

  it('is not taken where it opens another portal, whichever answer says so', async () => {
    open = await openApi(() => details(88));
    await assert.rejects(open.prove({ refreshToken: 'given' }), /77 opens another portal, 88/);
    await open.vendor.stop();
    const issue = { access_token: 'access-1', refresh_token: 'refresh-2', expires_in: 1800, hub_id: 88 };
    open = await openApi(() => details(77), { token: () => ({ status: 200, body: issue }) });
    await assert.rejects(open.prove({ refreshToken: 'given' }), /77 opens another portal, 88/);
    assert.deepEqual(open.calls(), []);
  });

  it('is judged by what renews it, not by an access token that came along', async () => {
    const revoked = { status: 400, body: { error: 'invalid_grant', status: 'BAD_REFRESH_TOKEN' } };
    open = await openApi(() => details(77), { token: () => revoked });
    const grant = { refreshToken: 'dead', accessToken: 'lives for a while', expiresAt_ms: String(now_ms * 2) };
    await assert.rejects(open.prove(grant), Reconnect);
    assert.deepEqual(open.calls(), []);
  });

  it('cannot be judged while HubSpot does not answer', async () => {
    open = await openApi(() => details(77), { token: () => ({ status: 503, body: {} }) });
    await assert.rejects(open.prove({ refreshToken: 'given' }), RetryLater);
    await assert.rejects(open.prove({ clientId: 'of another vendor' }), /no refresh token/);
  });
});
