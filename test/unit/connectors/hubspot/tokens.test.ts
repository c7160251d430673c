import assert from 'node:assert/strict';
import { Invalid, Reconnect, RetryLater } from '../../../../protocol/errors.ts';
import { now_ms, openApi, type OpenApi } from './open-api.ts';

const purpose = { lane: 'interactive', what: 'test' } as const;
const page = { status: 200, body: { results: [] } };

describe('HubSpot tokens', () => {
  let open: OpenApi;
  afterEach(() => open.vendor.stop());
  const list = (): Promise<unknown> => open.api.list('deals', undefined, purpose);
  const tokenCalls = () => open.vendor.seen.filter((seen) => seen.path === '/oauth/2026-09/token');

  it('refreshes by the form endpoint and saves a rotated token before it is used', async () => {
    const order: string[] = [];
    open = await openApi(() => {
      order.push(`call, saved ${open.saved.length}`);
      return page;
    });
    await Promise.all([list(), list(), list()]);
    assert.equal(tokenCalls().length, 1);
    assert.deepEqual(Object.fromEntries(new URLSearchParams(tokenCalls()[0]?.body)), {
      grant_type: 'refresh_token',
      refresh_token: 'refresh-1',
      client_id: 'client',
      client_secret: 'secret',
    });
    assert.deepEqual(order, Array(3).fill('call, saved 1'));
    const expiresAt_ms = String(now_ms + 1_800_000);
    assert.deepEqual(open.saved, [{ refreshToken: 'refresh-2', accessToken: 'access-1', expiresAt_ms }]);
    assert.equal(open.calls()[0]?.headers['authorization'], 'Bearer access-1');
  });

  it('uses a stored token until a minute before its end', async () => {
    const grant = (left_ms: number) => ({
      refreshToken: 'r',
      accessToken: 'old',
      expiresAt_ms: String(now_ms + left_ms),
    });
    open = await openApi(() => page, { grant: grant(61_000) });
    await list();
    assert.equal(tokenCalls().length, 0);
    await open.vendor.stop();
    open = await openApi(() => page, { grant: grant(60_000) });
    await list();
    assert.equal(tokenCalls().length, 1);
  });

  it('answers one 401 with one refresh, and a second 401 with Reconnect', async () => {
    const grant = { refreshToken: 'r', accessToken: 'old', expiresAt_ms: String(now_ms * 2) };
    open = await openApi(
      (seen) => (seen.headers['authorization'] === 'Bearer old' ? { status: 401, body: {} } : page),
      { grant },
    );
    await list();
    assert.deepEqual([open.calls().length, tokenCalls().length], [2, 1]);
    await open.vendor.stop();
    open = await openApi(() => ({ status: 401, body: {} }), { grant });
    await assert.rejects(list(), Reconnect);
    assert.deepEqual([open.calls().length, tokenCalls().length], [2, 1]);
  });

  it('tells a revoked grant from an app that is set up wrongly and from a passing fault', async () => {
    for (const [status, body, expected] of [
      [
        400,
        { error: 'invalid_grant', status: 'BAD_REFRESH_TOKEN', message: 'missing or invalid refresh token' },
        Reconnect,
      ],
      [400, { status: 'BAD_REFRESH_TOKEN', message: 'x' }, Reconnect],
      [403, { error: 'access_denied', message: 'x' }, Reconnect],
      [
        400,
        { error: 'invalid_client', status: 'BAD_CLIENT_SECRET', message: 'missing or invalid client secret' },
        Invalid,
      ],
      [400, { message: 'what?' }, Invalid],
      [502, {}, RetryLater],
      [429, {}, RetryLater],
    ] as const) {
      open = await openApi(() => page, { token: () => ({ status, body }) });
      await assert.rejects(list(), expected, JSON.stringify(body));
      assert.deepEqual(open.saved, []);
      await open.vendor.stop();
    }
  });

  it('exchanges a code for the account and its grant', async () => {
    open = await openApi(() => page);
    const options = { code: 'c', redirectUri: 'https://hub.example/oauth', codeVerifier: 'v' };
    const found = await open.connector.exchangeCode?.(options);
    assert.equal(found?.accountId, '77');
    assert.equal(found?.grant['refreshToken'], 'refresh-2');
    const form = Object.fromEntries(new URLSearchParams(tokenCalls()[0]?.body));
    assert.deepEqual([form['grant_type'], form['code_verifier']], ['authorization_code', 'v']);
  });
});
