import assert from 'node:assert/strict';
import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import jsforce from 'jsforce';
import { orgA, orgB, startTiny, type Tiny } from '../start-tiny.ts';

const hour_ms = 3_600_000;

describe('OAuth of the Salesforce stand-in', () => {
  let tiny: Tiny;
  const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = keys.publicKey.export({ type: 'spki', format: 'pem' }) as string;

  async function post(
    path: string,
    form: Record<string, string>,
  ): Promise<{ status: number; body: Record<string, unknown> }> {
    const answer = await fetch(tiny.baseUrl + path, { method: 'POST', body: new URLSearchParams(form) });
    const text = await answer.text();
    return { status: answer.status, body: text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : {} };
  }
  const credentials = ({ clientId, clientSecret }: { clientId: string; clientSecret: string }) => ({
    client_id: clientId,
    client_secret: clientSecret,
  });
  function assertion(claims: Record<string, unknown>, key = keys.privateKey): string {
    const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const body = `${part({ alg: 'RS256' })}.${part({ iss: orgA.integration.clientId, aud: tiny.baseUrl, exp: Date.now() / 1000 + 60, ...claims })}`;
    return `${body}.${sign('RSA-SHA256', Buffer.from(body), key).toString('base64url')}`;
  }
  const jwt = (text: string) =>
    post('/services/oauth2/token', { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion: text });

  beforeEach(async () => {
    tiny = await startTiny();
  });
  afterEach(() => tiny.stop());

  // Shape: restforce auth_success_response fixture; signature: Salesforce help, OAuth token response.
  it('answers client credentials with everything a client reads', async () => {
    const { status, body } = await post('/services/oauth2/token', {
      grant_type: 'client_credentials',
      ...credentials(orgA.integration),
    });
    assert.equal(status, 200);
    assert.deepEqual(Object.keys(body).sort(), [
      'access_token',
      'id',
      'instance_url',
      'issued_at',
      'scope',
      'signature',
      'token_type',
    ]);
    assert.equal(body['instance_url'], tiny.baseUrl);
    const signed = createHmac('sha256', orgA.integration.clientSecret).update(
      String(body['id']) + String(body['issued_at']),
    );
    assert.equal(body['signature'], signed.digest('base64'));
    assert.match(String(body['id']), new RegExp(`^${tiny.baseUrl}/id/${orgA.orgId}/005`));
  });

  it('takes client and secret by Basic authentication too', async () => {
    const answer = await fetch(`${tiny.baseUrl}/services/oauth2/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from('sandbox:sandbox').toString('base64')}` },
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
    });
    assert.equal(answer.status, 200);
  });

  it('refuses unknown clients, wrong secrets and other grants', async () => {
    const errorOf = async (form: Record<string, string>) => (await post('/services/oauth2/token', form)).body['error'];
    const grant_type = 'client_credentials';
    assert.equal(await errorOf({ grant_type, client_id: 'nobody', client_secret: 'x' }), 'invalid_client_id');
    assert.equal(
      await errorOf({ grant_type, client_id: orgA.integration.clientId, client_secret: 'x' }),
      'invalid_client',
    );
    assert.equal(await errorOf({ grant_type: 'password' }), 'unsupported_grant_type');
  });

  it('acts as the integration user, or as the first person of the org', async () => {
    const nameOf = async (
      client: typeof orgA.person | typeof orgA.integration | typeof orgB.person,
    ): Promise<unknown> => {
      const token = await tiny.token(client);
      return ((await tiny.call(token, 'GET', '/services/oauth2/userinfo')).body as Record<string, unknown>)['name'];
    };
    assert.equal(await nameOf(orgA.integration), 'Rapport Integration');
    assert.equal(await nameOf(orgA.person), 'Ada Byron');
    assert.equal(await nameOf(orgB.person), 'Ada Byron');
    assert.equal(tiny.salesforce.session(await tiny.token(orgB.person))?.orgId, orgB.orgId);
  });

  // Salesforce help, OAuth 2.0 JWT bearer flow: RS256, iss = client, sub = username, aud, exp within 3 minutes.
  it('takes a signed assertion through jsforce, and refuses all that is wrong with one', async () => {
    const user = tiny.salesforce.session(await tiny.token(orgA.integration))?.userId;
    const identity = await tiny.call(await tiny.token(orgA.integration), 'GET', `/id/${orgA.orgId}/${user}`);
    const sub = (identity.body as Record<string, string>)['username'];
    assert.equal((await jwt(assertion({ sub }))).body['error'], 'invalid_grant');
    const registered = await tiny.call('', 'POST', '/_sandbox/certificates', {
      clientId: orgA.integration.clientId,
      certificate: pem,
    });
    assert.equal(registered.status, 200);

    const connection = new jsforce.Connection({ loginUrl: tiny.baseUrl, instanceUrl: tiny.baseUrl, version: '67.0' });
    const who = await connection.authorize({
      grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
      assertion: assertion({ sub }),
    });
    assert.equal(who.id, user);

    const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
    const wrong: [string, string][] = [
      [assertion({ sub }, stranger), 'invalid assertion'],
      [assertion({ sub, aud: 'https://elsewhere.example' }), 'audience is invalid'],
      [assertion({ sub, exp: Date.now() / 1000 - 1 }), 'expired authorization code'],
      [assertion({ sub, exp: Date.now() / 1000 + 600 }), 'invalid assertion: exp is more than 3 minutes ahead'],
      [assertion({ sub: 'nobody@x.example' }), "user hasn't approved this consumer"],
      ['no.jwt', 'invalid assertion'],
    ];
    for (const [text, description] of wrong) {
      const { status, body } = await jwt(text);
      assert.deepEqual([status, body], [400, { error: 'invalid_grant', error_description: description }]);
    }
  });

  it('introspects and revokes', async () => {
    const token = await tiny.token(orgA.integration);
    const introspect = () => post('/services/oauth2/introspect', { token, ...credentials(orgA.integration) });
    assert.equal((await introspect()).body['active'], true);
    assert.equal((await post('/services/oauth2/revoke', { token })).status, 200);
    assert.deepEqual((await introspect()).body, { active: false });
    assert.equal((await post('/services/oauth2/revoke', { token })).status, 400);
    // restforce expired_session_response fixture.
    const call = await tiny.call(token, 'GET', '/services/data/v67.0/limits');
    assert.equal(call.status, 401);
    assert.deepEqual(call.body, [{ message: 'Session expired or invalid', errorCode: 'INVALID_SESSION_ID' }]);
  });

  it('ends a session after two idle hours, not before', async () => {
    const token = await tiny.token(orgA.integration);
    const status = async () => (await tiny.call(token, 'GET', '/services/data/v67.0/limits')).status;
    tiny.clock.advance(1.5 * hour_ms);
    assert.equal(await status(), 200);
    tiny.clock.advance(1.5 * hour_ms);
    assert.equal(await status(), 200);
    tiny.clock.advance(2.1 * hour_ms);
    assert.equal(await status(), 401);
    assert.equal(tiny.salesforce.session(token), undefined);
  });

  it('lists the API versions it serves and no others', async () => {
    const list = (await tiny.call('', 'GET', '/services/data')).body as { version: string; label: string }[];
    assert.deepEqual([list[0]?.version, list.at(-1)?.version], ['60.0', '68.0']);
    assert.equal(list.find((one) => one.version === '67.0')?.label, "Summer '26");
    assert.equal((await tiny.call(await tiny.token(orgA.person), 'GET', '/services/data/v59.0/limits')).status, 404);
  });
});
