import assert from 'node:assert/strict';
import type { Grant } from '../../../../protocol/crm-connector.ts';
import { Reconnect, RetryLater } from '../../../../protocol/errors.ts';
import type { Reply, Seen } from '../local-vendor.ts';
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
    for (const [status, body, expected, isRevoked] of [
      [
        400,
        { error: 'invalid_grant', status: 'BAD_REFRESH_TOKEN', message: 'missing or invalid refresh token' },
        Reconnect,
        true,
      ],
      [400, { status: 'BAD_REFRESH_TOKEN', message: 'x' }, Reconnect, true],
      [403, { error: 'access_denied', message: 'x' }, Reconnect, true],
      [
        400,
        { error: 'invalid_client', status: 'BAD_CLIENT_SECRET', message: 'missing or invalid client secret' },
        Reconnect,
        false,
      ],
      [400, { message: 'what?' }, Reconnect, false],
      [502, {}, RetryLater, false],
      [429, {}, RetryLater, false],
    ] as const) {
      open = await openApi(() => page, { token: () => ({ status, body }) });
      await assert.rejects(list(), expected, JSON.stringify(body));
      assert.deepEqual(
        open.saved.map((grant) => 'revoked' in grant),
        isRevoked ? [true] : [],
      );
      await assert.rejects(list(), expected);
      assert.equal(tokenCalls().length, isRevoked ? 1 : 2, 'a revoked grant is not asked with again');
      await open.vendor.stop();
    }
  });

  it('reads and writes nothing with a grant that opens another portal', async () => {
    const body = { access_token: 'theirs', refresh_token: 'refresh-9', expires_in: 1800, hub_id: 78 };
    open = await openApi(() => page, { token: () => ({ status: 200, body }) });
    await assert.rejects(list(), /portal 77 opens another portal, 78/);
    await assert.rejects(list(), Reconnect);
    assert.deepEqual([open.calls().length, tokenCalls().length], [0, 1]);
    assert.ok(open.saved.every((grant) => grant['accessToken'] !== 'theirs'));
  });

  it('takes over a grant that another process renewed, and gives up only when the stored one is refused too', async () => {
    const revoked = { status: 400, body: { error: 'invalid_grant', status: 'BAD_REFRESH_TOKEN', message: 'x' } };
    const issued = { access_token: 'access-9', refresh_token: 'refresh-10', expires_in: 1800 };
    const token = (seen: Seen): Reply =>
      seen.body.includes('refresh_token=refresh-9') ? { status: 200, body: issued } : revoked;
    const expiresAt_ms = String(now_ms + 1_800_000);

    open = await openApi(() => page, { token, stored: { refreshToken: 'r', accessToken: 'theirs', expiresAt_ms } });
    await Promise.all([list(), list()]);
    assert.deepEqual([tokenCalls().length, open.saved], [0, []]);
    assert.equal(open.calls()[0]?.headers['authorization'], 'Bearer theirs');
    await open.vendor.stop();

    open = await openApi(() => page, { token, stored: { refreshToken: 'refresh-9' } });
    await list();
    assert.deepEqual([tokenCalls().length, open.saved[0]?.['refreshToken']], [1, 'refresh-10']);
    await open.vendor.stop();

    open = await openApi(() => page, { token, stored: { refreshToken: 'refresh-8' } });
    await assert.rejects(list(), Reconnect);
    assert.equal(tokenCalls().length, 1);
    await open.vendor.stop();

    open = await openApi(() => page, { token, stored: { refreshToken: 'refresh-8', revoked: 'found by another' } });
    await assert.rejects(list(), (error) => error instanceof Reconnect && error.message === 'found by another');
    assert.equal(tokenCalls().length, 0);
  });

  it('processes that race for a rotating token make one call, and none uses a token that is not stored', async () => {
    let current = 'refresh-1';
    let given = 0;
    const token = (seen: Seen): Reply => {
      if (new URLSearchParams(seen.body).get('refresh_token') !== current)
        return { status: 400, body: { error: 'invalid_grant' } };
      given += 1;
      current = `refresh-${given + 1}`;
      return { status: 200, body: { access_token: `access-${given}`, refresh_token: current, expires_in: 1800 } };
    };
    open = await openApi(() => page, { token });
    let stored: Grant = { refreshToken: 'refresh-1' };
    let last: Promise<unknown> = Promise.resolve();
    const processes = Array.from({ length: 4 }, () =>
      open.connector.open({
        accountId: '77',
        grant: stored,
        gate: { call: (_about, send) => send(() => undefined) },
        saveGrant: async (grant) => void (stored = grant),
        readGrant: async () => stored,
        renewAlone: (renew) => {
          const mine = last.then(renew);
          last = mine.catch(() => undefined);
          return mine;
        },
      }),
    );
    await Promise.all(processes.map((api) => api.list('deals', undefined, purpose)));
    assert.equal(tokenCalls().length, 1);
    assert.deepEqual([stored['refreshToken'], stored['accessToken']], ['refresh-2', 'access-1']);
    assert.deepEqual(
      new Set(open.calls().map(({ headers }) => headers['authorization'])),
      new Set(['Bearer access-1']),
    );
  });

  it('keeps a rotated token that could not be stored, and stores it before it asks for another', async () => {
    open = await openApi(() => page);
    let isDown = true;
    const saved: Grant[] = [];
    const api = open.connector.open({
      accountId: '77',
      grant: { refreshToken: 'refresh-1' },
      gate: { call: (_about, send) => send(() => undefined) },
      saveGrant: async (grant) => {
        if (isDown) throw new RetryLater('the database is down', now_ms + 1);
        saved.push(grant);
      },
    });
    await assert.rejects(api.list('deals', undefined, purpose), RetryLater);
    assert.equal(open.calls().length, 0, 'a token that is not stored is not used');
    isDown = false;
    await api.list('deals', undefined, purpose);
    assert.deepEqual([tokenCalls().length, saved.map((grant) => grant['refreshToken'])], [1, ['refresh-2']]);
  });

  it('does not take over an access token that HubSpot has just refused', async () => {
    const expiresAt_ms = String(now_ms * 2);
    const grant = { refreshToken: 'old', accessToken: 'refused', expiresAt_ms };
    const token = (seen: Seen): Reply =>
      seen.body.includes('refresh_token=old')
        ? { status: 400, body: { error: 'invalid_grant' } }
        : { status: 200, body: { access_token: 'new', refresh_token: 'newer', expires_in: 1800 } };
    open = await openApi(
      (seen) => (seen.headers['authorization'] === 'Bearer refused' ? { status: 401, body: {} } : page),
      { grant, token, stored: { refreshToken: 'new', accessToken: 'refused', expiresAt_ms } },
    );
    await list();
    assert.equal(open.calls().at(-1)?.headers['authorization'], 'Bearer new');
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
