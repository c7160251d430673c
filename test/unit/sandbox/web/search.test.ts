import assert from 'node:assert/strict';
import type { Vendor, VendorContext } from '../../../../sandbox/kit/vendor.ts';
import { startWeb } from '../../../../sandbox/web/web.ts';
import { vendorContext } from '../seed/vendor-context.ts';

interface Found {
  query: { original: string; more_results_available: boolean };
  web: { results: { url: string; title: string; description: string }[] };
}

describe('sandbox/web search', () => {
  let context: VendorContext;
  let vendor: Vendor;
  const search = (parameters: Record<string, string>, token = 'sandbox'): Promise<Response> =>
    fetch(`http://127.0.0.1:${vendor.port}/res/v1/web/search?${String(new URLSearchParams(parameters))}`, {
      headers: token === '' ? {} : { 'x-subscription-token': token },
    });
  const error = async (response: Response): Promise<unknown[]> => {
    const body = (await response.json()) as { type: string; error: { code: string; status: number } };
    return [response.status, body.type, body.error.code, body.error.status];
  };

  beforeEach(async () => {
    context = vendorContext();
    vendor = await startWeb(context);
  });
  afterEach(async () => {
    await vendor.stop();
    context.storage.close();
  });

  it('finds a firm’s own pages and what others say of it', async () => {
    const found = (await (await search({ q: 'Northwind competitors', count: '5' })).json()) as Found;
    assert.equal(found.query.original, 'Northwind competitors');
    assert.equal(found.web.results.length, 5);
    assert.equal(found.web.results[0]?.url, 'http://market-guide.example/firms/northwind');
    assert.ok(found.web.results.some(({ url }) => url.startsWith('http://northwind.example/')));
  });

  it('does not index what robots.txt keeps back, nor hostile sites', async () => {
    const found = (await (await search({ q: 'partners only prices' })).json()) as Found;
    assert.ok(found.web.results.every(({ url }) => !url.includes('/internal/')));
    const none = (await (await search({ q: 'CANARY Placid' })).json()) as Found;
    assert.deepEqual(none.web.results, []);
  });

  it('pages by count and offset', async () => {
    const page = async (offset: string): Promise<string[]> => {
      const found = (await (await search({ q: 'founded headquarters', count: '10', offset })).json()) as Found;
      return found.web.results.map(({ url }) => url);
    };
    const [first, second] = [await page('0'), await page('1')];
    assert.deepEqual([first.length, second.length, new Set([...first, ...second]).size], [10, 10, 20]);
  });

  it('refuses as the vendor does: no token, wrong token, no query, too many results, unknown parameter', async () => {
    const validation = [422, 'ErrorResponse', 'VALIDATION', 422];
    assert.deepEqual(await error(await search({ q: 'x' }, '')), validation);
    assert.deepEqual(await error(await search({}, 'wrong')), [422, 'ErrorResponse', 'SUBSCRIPTION_TOKEN_INVALID', 422]);
    assert.deepEqual(await error(await search({})), validation);
    assert.deepEqual(await error(await search({ q: 'x', count: '21' })), validation);
    assert.deepEqual(await error(await search({ q: 'x', depth: '2' })), validation);
  });

  it('limits to 20 a second, and says so in headers', async () => {
    const responses = await Promise.all(Array.from({ length: 21 }, () => search({ q: 'Northwind' })));
    const limited = responses.filter(({ status }) => status === 429);
    assert.equal(limited.length, 1);
    assert.deepEqual(await error(limited[0] as Response), [429, 'ErrorResponse', 'RATE_LIMITED', 429]);
    assert.match(limited[0]?.headers.get('x-ratelimit-remaining') ?? '', /^0, /);
    context.clock.advance(1001);
    assert.equal((await search({ q: 'Northwind' })).status, 200);
  });
});
