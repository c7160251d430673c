import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import Koa from 'koa';
import { listen, rawBody } from '../../../../../sandbox/kit/http-server.ts';
import { apexStandIn } from '../../../../../sandbox/salesforce/apex/apex-stand-in.ts';

const project = join(import.meta.dirname, '../../../../../crm-apps/salesforce');
const recordId = '0065f0000000001AAA';

interface Seen {
  method: string;
  url: string;
  authorization: string;
  body: string;
}

/** A hub that notes what it is asked. */
class Hub {
  readonly seen: Seen[] = [];
  /** Answers of the calls behind the token, in turn; the last one stays. */
  answers: { status: number; body: string }[] = [{ status: 200, body: '{"status":"not_synced"}' }];
  tokens = 0;
  lifetime_s = 600;
  readonly #server: Server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const { method = '', url = '' } = request;
      const authorization = request.headers.authorization ?? '';
      this.seen.push({ method, url, authorization, body: Buffer.concat(parts).toString() });
      if (url === '/salesforce/oauth/token') {
        this.tokens += 1;
        response.end(JSON.stringify({ access_token: `token-${this.tokens}`, expires_in: this.lifetime_s }));
        return;
      }
      const answer = (this.answers.length > 1 ? this.answers.shift() : this.answers[0]) ?? { status: 500, body: '' };
      response.writeHead(answer.status).end(answer.body);
    });
  });

  async start(): Promise<string> {
    await new Promise<void>((resolve) => {
      this.#server.listen(0, '127.0.0.1', resolve);
    });
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

describe('sandbox/salesforce/apex: the Apex stand-in', () => {
  let hub: Hub;
  let page: Awaited<ReturnType<typeof listen>>;

  beforeEach(async () => {
    hub = new Hub();
    const app = new Koa();
    app.use(rawBody(100_000));
    app.use(
      apexStandIn({
        project,
        hubUrl: await hub.start(),
        session: (token) => {
          if (token === 'ada') return { orgId: '00D-a', userId: '005-ada' };
          return token === 'bob' ? { orgId: '00D-none', userId: '005-bob' } : undefined;
        },
        credential: (orgId) => (orgId === '00D-a' ? { clientId: 'client', clientSecret: 'secret' } : undefined),
      }),
    );
    page = await listen(app, { port: 0, host: '127.0.0.1' });
  });
  afterEach(async () => {
    await page.stop();
    hub.stop();
  });

  async function call(
    method: string,
    parameters: unknown,
    token = 'ada',
  ): Promise<{ status: number; body: Record<string, unknown> }> {
    const response = await fetch(`http://127.0.0.1:${page.port}/_ui/apex/${method.replace('.', '/')}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      body: typeof parameters === 'string' ? parameters : JSON.stringify(parameters),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  }

  it('does the mapped GET with the credential of the org and the id of the user', async () => {
    const { status, body } = await call('RapportDealController.getDeal', { recordId });
    assert.deepEqual([status, body], [200, { status: 'not_synced' }]);
    assert.deepEqual(hub.seen, [
      {
        method: 'POST',
        url: '/salesforce/oauth/token',
        authorization: `Basic ${Buffer.from('client:secret').toString('base64')}`,
        body: 'grant_type=client_credentials',
      },
      {
        method: 'GET',
        url: `/salesforce/deal?recordId=${recordId}&userId=005-ada`,
        authorization: 'Bearer token-1',
        body: '',
      },
    ]);
  });

  it('does the mapped POST with a JSON body', async () => {
    await call('RapportDealController.startResearch', { recordId, clickId: 'click-1' });
    const sent = hub.seen.at(-1);
    assert.equal(sent?.url, '/salesforce/research');
    assert.deepEqual(JSON.parse(sent?.body ?? ''), { recordId, userId: '005-ada', clickId: 'click-1' });
  });

  it('keeps the token until it ends', async () => {
    await call('RapportDealController.getDeal', { recordId });
    await call('RapportDealController.getDeal', { recordId });
    assert.equal(hub.tokens, 1);
  });

  it('asks for a new token when the old one has ended', async () => {
    hub.lifetime_s = 0;
    await call('RapportDealController.getDeal', { recordId });
    await call('RapportDealController.getDeal', { recordId });
    assert.equal(hub.tokens, 2);
  });

  it('renews a token that the hub refuses, once', async () => {
    hub.answers = [
      { status: 401, body: '' },
      { status: 200, body: '{"status":"ok"}' },
    ];
    const { status } = await call('RapportDealController.getDeal', { recordId });
    assert.deepEqual([status, hub.tokens, hub.seen.at(-1)?.authorization], [200, 2, 'Bearer token-2']);
  });

  it('answers any failure of the hub as the exception that Apex throws', async () => {
    for (const answer of [
      { status: 503, body: '{}' },
      { status: 401, body: '' },
      { status: 200, body: '<html>' },
    ]) {
      hub.answers = [answer];
      const { status, body } = await call('RapportDealController.getDeal', { recordId });
      assert.equal(status, 500);
      assert.equal(body['exceptionType'], 'System.AuraHandledException');
      assert.equal(body['message'], 'Rapport cannot be reached. Try again.');
    }
  });

  it('answers the same when the hub is away, or the org has no credential', async () => {
    assert.equal((await call('RapportDealController.getDeal', { recordId }, 'bob')).status, 500);
    assert.equal(hub.seen.length, 0);
    hub.stop();
    assert.equal((await call('RapportDealController.getDeal', { recordId })).status, 500);
  });

  it('refuses unknown sessions, methods, parameters and bodies', async () => {
    assert.equal((await call('RapportDealController.getDeal', { recordId }, 'nobody')).status, 401);
    assert.equal((await call('RapportDealController.dropAll', {})).status, 404);
    assert.equal((await call('RapportDealController.getDeal', { record: recordId })).status, 400);
    assert.equal((await call('RapportDealController.getDeal', 'no json')).status, 400);
    assert.equal((await call('RapportDealController.getDeal', [])).status, 400);
    assert.equal(hub.seen.length, 0);
  });
});
