import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Koa from 'koa';
import { hubspotPages } from '../../../../../sandbox/hubspot/pages/hubspot-pages.ts';
import { listen } from '../../../../../sandbox/kit/http-server.ts';

describe('HubSpot pages', () => {
  let bundle: { state: string; message?: string; path?: string };
  let server: { port: number; stop(): Promise<void> };
  let folder: string;
  const get = (path: string): Promise<Response> => fetch(`http://127.0.0.1:${server.port}${path}`);

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'bundle-'));
    bundle = { state: 'building', message: 'HubSpot card: building.' };
    const app = new Koa();
    app.use(hubspotPages({ bundle: () => bundle, hubUrl: 'http://hub.test' }));
    server = await listen(app, { port: 0, host: '127.0.0.1' });
  });
  afterEach(async () => {
    await server.stop();
    rmSync(folder, { recursive: true });
  });

  it('has a record page and a list at HubSpot’s addresses, marked as a stand-in', async () => {
    for (const path of ['/contacts/8801001/record/0-3/42', '/contacts/8801001/objects/0-3/views/all/list']) {
      const response = await get(path);
      assert.equal(response.status, 200);
      assert.ok((await response.text()).includes('Stand-in of HubSpot'));
    }
  });

  it('says how far the card is, and gives it the variables of the profile', async () => {
    assert.deepEqual(await (await get('/_ui/bundle')).json(), {
      ready: false,
      state: 'building',
      message: 'HubSpot card: building.',
      variables: { HUB_URL: 'http://hub.test' },
    });
    assert.equal((await get('/_ui/bundle/card.js')).status, 404);
  });

  it('serves the built card once it is there, and nothing beside it', async () => {
    writeFileSync(join(folder, 'card.js'), 'card()');
    bundle = { state: 'ready', path: folder };
    const first = await get('/_ui/bundle/card.js');
    assert.equal(await first.text(), 'card()');
    // Without a cache-control of its own, fetch asks for a fresh copy.
    const headers = { 'if-none-match': first.headers.get('etag') ?? '', 'cache-control': 'max-age=0' };
    const again = await fetch(first.url, { headers });
    assert.equal(again.status, 304);
    assert.equal((await get('/_ui/bundle/..%2Fother.js')).status, 404);
  });
});
