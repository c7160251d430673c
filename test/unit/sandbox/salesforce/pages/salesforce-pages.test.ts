import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Koa from 'koa';
import { listen } from '../../../../../sandbox/kit/http-server.ts';
import { salesforcePages } from '../../../../../sandbox/salesforce/pages/salesforce-pages.ts';

describe('sandbox/salesforce/pages', () => {
  let bundle: { state: string; message?: string; path?: string };
  let folder: string;
  let page: Awaited<ReturnType<typeof listen>>;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'bundle-'));
    writeFileSync(join(folder, 'component.js'), 'export const pages = {};');
    writeFileSync(join(folder, 'secret.txt'), 'no');
    bundle = { state: 'building', message: 'compiles' };
    const app = new Koa();
    app.use(salesforcePages({ bundle: () => bundle }));
    page = await listen(app, { port: 0, host: '127.0.0.1' });
  });
  afterEach(async () => {
    await page.stop();
    rmSync(folder, { recursive: true });
  });

  const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`http://127.0.0.1:${page.port}${path}`, { headers });

  it('says on list and record page that it is a stand-in, and that Apex is one', async () => {
    for (const path of ['/lightning/o/Opportunity/list', '/lightning/r/Opportunity/0065f0000000001AAA/view']) {
      const text = await (await get(path)).text();
      assert.match(text, /Stand-in of Salesforce\./);
      assert.match(text, /Apex is a stand-in/);
    }
  });

  it('sends its sources as JavaScript, and nothing beside them', async () => {
    const source = await get('/_ui/page/main.ts');
    assert.match(source.headers.get('content-type') ?? '', /javascript/);
    assert.doesNotMatch(await source.text(), /import type|: Promise</);
    assert.equal((await get('/_ui/page/..%2Fpage-shell.ts')).status, 404);
    assert.equal((await get('/_ui/page/none.ts')).status, 404);
  });

  it('tells how far the build is, and sends its files once it is ready', async () => {
    assert.deepEqual(await (await get('/_ui/bundle')).json(), { ready: false, state: 'building', message: 'compiles' });
    assert.equal((await get('/_ui/bundle/component.js')).status, 404);
    bundle = { state: 'ready', path: folder };
    assert.equal(((await (await get('/_ui/bundle')).json()) as { ready: boolean }).ready, true);
    assert.equal(await (await get('/_ui/bundle/component.js')).text(), 'export const pages = {};');
    assert.equal((await get('/_ui/bundle/secret.txt')).status, 404);
  });

  it('does not send a file again that the browser has', async () => {
    bundle = { state: 'ready', path: folder };
    const etag = (await get('/_ui/bundle/component.js')).headers.get('etag') ?? '';
    // A conditional fetch would otherwise say no-cache, which browsers do only on a forced reload.
    const headers = { 'if-none-match': etag, 'cache-control': 'max-age=0' };
    assert.equal((await get('/_ui/bundle/component.js', headers)).status, 304);
  });
});
