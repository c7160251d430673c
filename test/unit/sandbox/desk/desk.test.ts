import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startDesk } from '../../../../sandbox/desk/desk.ts';
import type { World } from '../../../../sandbox/seed/world.ts';

type Answer = unknown;

const world = { seed: 1, tenants: [{ key: 'a', name: 'Sales & <Co>', deals: [] }] } as unknown as World;

const hubspot = (request: IncomingMessage): Answer => {
  assert.equal(request.headers.authorization, 'Bearer sandbox');
  const { pathname, searchParams } = new URL(request.url!, 'http://crm');
  if (pathname.endsWith('/companies')) return { results: [{ id: '7', properties: { name: 'Acme' } }] };
  const deal = (id: string, dealname: string) => {
    const properties = { dealname, dealstage: 'appointmentscheduled' };
    return { id, properties, associations: { companies: { results: [{ id: '7' }] } } };
  };
  // Two pages: the desk must read both.
  if (searchParams.get('after') === null) return { results: [deal('1', 'First')], paging: { next: { after: '1' } } };
  return { results: [deal('2', 'Second')] };
};

const salesforce = (request: IncomingMessage): Answer => {
  if (request.url === '/services/oauth2/token') return { access_token: 'token' };
  assert.equal(request.headers.authorization, 'Bearer token');
  return { records: [{ Id: '006', Name: 'Second', StageName: 'Prospecting', Account: { Name: 'Acme' } }] };
};

describe('desk', () => {
  const servers: Server[] = [];
  const serve = async (answer: (request: IncomingMessage) => Answer): Promise<string> => {
    const server = createServer((request, response) => response.end(JSON.stringify(answer(request))));
    servers.push(server);
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };
  let desk: { port: number; stop(): Promise<void> };
  let hubspotUrl: string;
  const get = (path: string): Promise<Response> => fetch(`http://127.0.0.1:${desk.port}${path}`);

  before(async () => {
    hubspotUrl = await serve(hubspot);
    desk = await startDesk({
      port: 0,
      host: '127.0.0.1',
      hubspotUrl,
      salesforceUrl: await serve(salesforce),
      hubUrl: 'http://127.0.0.1:1',
      builds: () => [{ name: 'card', state: 'ready', message: 'Ready.', seconds: 2, path: '/somewhere' }],
      world,
    });
  });
  after(async () => {
    await desk.stop();
    for (const server of servers) server.close();
  });

  it('shows a page that may run its own scripts and frame the two CRMs, and nothing else', async () => {
    const response = await get('/');
    const policy = response.headers.get('content-security-policy') ?? '';
    assert.match(policy, /default-src 'none'; script-src 'self'; style-src 'self'/);
    assert.ok(policy.includes(`frame-src ${hubspotUrl} `));
    assert.ok((await response.text()).includes('Sales &amp; &lt;Co>'));
  });

  it('pairs the deals of all pages of both CRMs, and opens with one that both have', async () => {
    const { pairs, first } = (await (await get('/api/deals/a')).json()) as { pairs: { name: string }[]; first: number };
    assert.deepEqual(
      pairs.map(({ name }) => name),
      ['First', 'Second'],
    );
    assert.equal(first, 1);
  });

  it('knows no third tenant', async () => {
    assert.equal((await get('/api/deals/c')).status, 404);
  });

  it('tells that a hub not heard of is starting, and shows builds without the machine’s paths', async () => {
    assert.deepEqual(await (await get('/api/state')).json(), {
      hub: { state: 'starting' },
      builds: [{ name: 'card', state: 'ready', message: 'Ready.', seconds: 2 }],
    });
  });

  it('serves its modules without types, and nothing outside its folder', async () => {
    const source = await (await get('/client/choice.ts')).text();
    assert.ok(source.includes('export function readChoice') && !source.includes('interface Choice'));
    assert.equal((await get('/client/..%2Fdesk.ts')).status, 404);
  });
});
