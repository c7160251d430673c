import assert from 'node:assert/strict';
import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { isAllowedUrl } from '../../../../connectors/salesforce/allowed-url.ts';
import type { Grant } from '../../../../protocol/crm-connector.ts';
import { Reconnect, RetryLater } from '../../../../protocol/errors.ts';
import type { Reply } from '../local-vendor.ts';
import { now_ms, openApi, orgId, type OpenApi } from './open-api.ts';

const page: Reply = { status: 200, body: { done: true, records: [] } };

describe('Salesforce sessions', () => {
  let open: OpenApi;
  afterEach(() => open.vendor.stop());

  it('are opened by client credentials, once for many calls, and name our client', async () => {
    open = await openApi(() => page);
    await Promise.all([open.api.people(), open.api.people(), open.api.people()]);
    assert.equal(open.tokens().length, 1);
    assert.deepEqual(Object.fromEntries(new URLSearchParams(open.tokens()[0]?.body)), {
      grant_type: 'client_credentials',
      client_id: 'client',
      client_secret: 'secret',
    });
    const [call] = open.calls();
    assert.ok(call?.path.startsWith('/services/data/v67.0/query?q='), call?.path);
    assert.equal(call?.headers['authorization'], 'Bearer token-1');
    assert.equal(call?.headers['sforce-call-options'], 'client=Rapport');
  });

  it('are opened by a signed assertion where the grant has a key', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    open = await openApi(() => page, { grant: { clientId: 'c', username: 'hub@org.example', privateKey: pem } });
    await open.api.people();
    const form = new URLSearchParams(open.tokens()[0]?.body);
    assert.equal(form.get('grant_type'), 'urn:ietf:params:oauth:grant-type:jwt-bearer');
    const [head = '', body = '', signature = ''] = (form.get('assertion') ?? '').split('.');
    const key = createPublicKey(publicKey.export({ type: 'spki', format: 'pem' }));
    assert.ok(verify('RSA-SHA256', Buffer.from(`${head}.${body}`), key, Buffer.from(signature, 'base64url')));
    const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as Record<string, unknown>;
    const exp = now_ms / 1000 + 120;
    assert.deepEqual(claims, { iss: 'c', sub: 'hub@org.example', aud: open.vendor.url, exp });
  });

  it('are not asked for again once the grant was revoked, not after a restart either', async () => {
    const refusal: Reply = { status: 400, body: { error: 'invalid_grant', error_description: 'quotes a person' } };
    open = await openApi(() => page, { token: () => refusal });
    await assert.rejects(open.api.people(), Reconnect);
    await assert.rejects(open.api.people(), Reconnect);
    assert.equal(open.tokens().length, 1);
    const [saved] = open.saved;
    assert.match(saved?.['revoked'] ?? '', /invalid_grant$/);
    await open.vendor.stop();

    open = await openApi(() => page, { grant: saved as Grant });
    await assert.rejects(open.api.people(), Reconnect);
    assert.equal(open.tokens().length, 0);
  });

  it('leave a grant alone that has replaced the one that was revoked', async () => {
    const refusal: Reply = { status: 400, body: { error: 'invalid_grant' } };
    const stored = { clientId: 'new', clientSecret: 'new' };
    open = await openApi(() => page, { token: () => refusal, stored });
    await assert.rejects(open.api.people(), Reconnect);
    assert.deepEqual(open.saved, []);
  });

  it('are asked for again after a fault that passes', async () => {
    let given = 0;
    const token = (_seen: unknown, url: string): Reply => {
      given += 1;
      if (given === 1) return { status: 503, body: {} };
      return { status: 200, body: { access_token: 't', instance_url: url, id: `https://x/id/${orgId}/005` } };
    };
    open = await openApi(() => page, { token });
    await assert.rejects(open.api.people(), RetryLater);
    await open.api.people();
    assert.deepEqual(open.saved, []);
  });

  it('are renewed once after a 401, and never in a loop', async () => {
    let given = 0;
    const id = `https://x/id/${orgId}/005`;
    const token = (_seen: unknown, url: string): Reply => {
      given += 1;
      return { status: 200, body: { access_token: `token-${given}`, instance_url: url, id } };
    };
    const expired: Reply = { status: 401, body: [{ errorCode: 'INVALID_SESSION_ID', message: 'Session expired' }] };
    open = await openApi((seen) => (seen.headers['authorization'] === 'Bearer token-1' ? expired : page), { token });
    await open.api.people();
    assert.deepEqual([open.calls().length, given], [2, 2]);
    await open.vendor.stop();
    given = 0;
    open = await openApi(() => expired, { token });
    await assert.rejects(open.api.people(), Reconnect);
    assert.deepEqual([open.calls().length, given], [2, 2]);
  });

  it('prove a grant that a person gives: it must open this org', async () => {
    open = await openApi(() => page);
    const grant = { clientId: 'new client', clientSecret: 'new secret' };
    assert.deepEqual(await open.prove(grant), grant);
    assert.equal(new URLSearchParams(open.tokens()[0]?.body).get('client_id'), 'new client');
    await assert.rejects(open.prove({ refreshToken: 'of another vendor' }), /neither a client secret nor/);
    await open.vendor.stop();
    const elsewhere = (url: string) => ({
      access_token: 't',
      instance_url: url,
      id: `${url}/id/00D5f000000SbB2EAM/005`,
    });
    open = await openApi(() => page, { token: (_seen, url) => ({ status: 200, body: elsewhere(url) }) });
    await assert.rejects(open.prove(grant), /opens another org/);
    await open.vendor.stop();
    open = await openApi(() => page, { token: () => ({ status: 400, body: { error: 'invalid_client' } }) });
    await assert.rejects(open.prove(grant), Reconnect);
    assert.deepEqual(open.saved, []);
  });

  it('send no token to a foreign address, nor to another org', async () => {
    const answer = (instance_url: string, org = orgId): Reply => ({
      status: 200,
      body: { access_token: 't', instance_url, id: `https://x/id/${org}/005` },
    });
    open = await openApi(() => page, { token: () => answer('https://evil.example') });
    await assert.rejects(open.api.people(), Reconnect);
    assert.equal(open.calls().length, 0);
    await open.vendor.stop();
    open = await openApi(() => page, { token: (_seen, url) => answer(url, '00D5f000000SbB2EAM') });
    await assert.rejects(open.api.people(), /opens another org/);
    await open.vendor.stop();
    const grant = { clientId: 'c', clientSecret: 's', loginUrl: 'https://evil.example' };
    open = await openApi(() => page, { grant });
    await assert.rejects(open.api.people(), Reconnect);
    assert.equal(open.vendor.seen.length, 0);
  });

  it('tell a grant taken back from a passing fault', async () => {
    for (const [status, body, expected] of [
      [400, { error: 'invalid_grant', error_description: "user hasn't approved this consumer" }, Reconnect],
      [401, { error: 'invalid_client', error_description: 'invalid client credentials' }, Reconnect],
      [503, undefined, RetryLater],
      [500, { error: 'server_error' }, RetryLater],
    ] as const) {
      open = await openApi(() => page, { token: () => ({ status, body }) });
      await assert.rejects(open.api.people(), expected, JSON.stringify(body));
      await open.vendor.stop();
    }
    open = await openApi(() => page, { grant: { clientId: 'c' } });
    await assert.rejects(open.api.people(), Reconnect);
  });
});

describe('Addresses a Salesforce token may go to', () => {
  const hosts = { loginUrl: 'http://127.0.0.1:4020', allowedHosts: ['login.partner.example'] };
  it('are the login host, the allowed ones and the family, over https', () => {
    for (const url of [
      'http://127.0.0.1:4020/services',
      'https://acme.my.salesforce.com',
      'https://acme--uat.sandbox.my.salesforce.com',
      'https://login.partner.example',
    ]) {
      assert.ok(isAllowedUrl(url, hosts), url);
    }
    for (const url of [
      'http://acme.my.salesforce.com',
      'https://acme.my.salesforce.com.evil.example',
      'https://evilsalesforce.com',
      'https://acme.my.salesforce.com:8443',
      'https://salesforce.com@evil.example',
      'http://127.0.0.1:4021',
      'http://login.partner.example',
      'nonsense',
    ]) {
      assert.ok(!isAllowedUrl(url, hosts), url);
    }
  });
});
