import assert from 'node:assert/strict';
import { load } from 'cheerio';
import robotsParser from 'robots-parser';
import { ProxyAgent, request, type Dispatcher } from 'undici';
import type { Vendor, VendorContext } from '../../../../sandbox/kit/vendor.ts';
import { extract } from '../../../../sandbox/model/extract.ts';
import { startWeb } from '../../../../sandbox/web/web.ts';
import { vendorContext } from '../seed/vendor-context.ts';

// The package's types describe an ES module, which it is not.
const parseRobots = robotsParser as unknown as typeof robotsParser.default;

describe('sandbox/web egress proxy', () => {
  let context: VendorContext;
  let vendor: Vendor;
  let dispatcher: ProxyAgent;
  const get = (url: string, more: object = {}): Promise<Dispatcher.ResponseData> =>
    request(url, { dispatcher, ...more });
  const text = async (url: string): Promise<string> => (await get(url)).body.text();
  /** What a reader sees: paragraphs of the main part. */
  const readable = (html: string): string =>
    load(html)('main p')
      .toArray()
      .map((one) => load(one).text())
      .join('\n');

  before(async () => {
    context = vendorContext();
    vendor = await startWeb(context);
    dispatcher = new ProxyAgent(`http://127.0.0.1:${vendor.port}`);
  });
  after(async () => {
    await dispatcher.destroy();
    await vendor.stop();
    context.storage.close();
  });

  it('serves each company of the world, with all its pages', async () => {
    for (const { domain } of context.world.tenants[0]?.companies ?? []) {
      for (const path of ['/', '/about', '/products', '/news', '/team', '/contact', '/sitemap.xml', '/robots.txt']) {
        const { statusCode, body } = await get(`http://${domain}${path}`);
        assert.equal(statusCode, 200, `${domain}${path}`);
        assert.ok((await body.text()).length > 40);
      }
    }
  });

  it('serves the same through a CONNECT tunnel to port 80, and refuses port 443', async () => {
    const tunnel = new ProxyAgent({ uri: `http://127.0.0.1:${vendor.port}`, proxyTunnel: true });
    const { body } = await request('http://northwind.example/about', { dispatcher: tunnel });
    assert.equal(await body.text(), await text('http://northwind.example/about'));
    await assert.rejects(request('https://northwind.example/about', { dispatcher: tunnel }), (error: Error) =>
      /405/.test(`${error.message} ${String(error.cause)}`),
    );
    await tunnel.destroy();
  });

  it('answers 502 for names that do not resolve, 403 for addresses, 405 for other ports and methods', async () => {
    assert.equal((await get('http://nobody-has-this.example/')).statusCode, 502);
    assert.equal((await get('http://127.0.0.1:4000/')).statusCode, 403);
    assert.equal((await get('http://[::1]/')).statusCode, 403);
    assert.equal((await get('http://localhost/')).statusCode, 403);
    assert.equal((await get('http://northwind.example:8080/')).statusCode, 405);
    assert.equal((await get('http://northwind.example/', { method: 'POST', body: 'x' })).statusCode, 405);
    assert.equal((await get('http://northwind.example/nothing')).statusCode, 404);
    assert.equal(
      (await get('http://www.northwind.example/about')).headers['location'],
      'http://northwind.example/about',
    );
  });

  it('has a robots.txt that a parser reads: /internal/ is closed, one site is closed whole', async () => {
    const allowed = async (host: string, path: string): Promise<boolean | undefined> =>
      parseRobots(`http://${host}/robots.txt`, await text(`http://${host}/robots.txt`)).isAllowed(
        `http://${host}${path}`,
        'RapportBot',
      );
    assert.equal(await allowed('northwind.example', '/about'), true);
    assert.equal(await allowed('northwind.example', '/internal/prices'), false);
    assert.equal(await allowed('private.example', '/'), false);
    assert.equal((await get('http://robots-down.example/robots.txt')).statusCode, 503);
  });

  it('has pages from which a brief can be drawn: five and more competitors, people, news', async () => {
    const urls = [
      'http://northwind.example/about',
      'http://northwind.example/team',
      'http://northwind.example/news',
      'http://market-guide.example/firms/northwind',
    ];
    const documents = await Promise.all(
      urls.map(async (url) => `<document url="${url}">${readable(await text(url))}</document>`),
    );
    const item = (...fields: string[]) => ({
      type: 'array',
      items: { type: 'object', properties: Object.fromEntries(fields.map((one) => [one, { type: 'string' }])) },
    });
    const properties = {
      competitors: item('name', 'domain', 'quote', 'url'),
      people: item('name', 'title'),
      news: item('headline', 'date'),
      risks: { type: 'array', items: { type: 'string' } },
    };
    const prompt = `Brief on Northwind (northwind.example).\n${documents.join('\n')}`;
    const brief = extract(prompt, { type: 'object', properties }) as Record<string, Record<string, string>[]>;
    const rivals = brief['competitors'] ?? [];
    assert.ok(rivals.length >= 5, JSON.stringify(rivals));
    for (const { domain, name } of rivals)
      assert.ok((await text(`http://${domain}/`)).includes(String(name).replaceAll('&', '&amp;')));
    assert.equal(brief['people']?.length, 2);
    assert.match(brief['people'][0]?.['title'] ?? '', /^Chief Executive Officer$/);
    assert.equal(brief['news']?.length, 4);
    assert.equal(brief['risks']?.length, 1);
  });

  it('is the same for both tenants and tells no tenant’s own values', async () => {
    const page = await text('http://northwind.example/contact');
    for (const tenant of context.world.tenants) {
      const { name, phone } = tenant.companies[0] ?? assert.fail();
      for (const value of [name, phone].filter(Boolean)) assert.ok(!page.includes(value), value);
    }
  });

  it('has a site without end and one that drips', async () => {
    const huge = await get('http://huge.example/');
    let size = 0;
    for await (const chunk of huge.body) {
      size += (chunk as Buffer).length;
      if (size > 5_000_000) break;
    }
    assert.ok(size > 5_000_000);
    const began_ms = performance.now();
    const slow = await get('http://slow.example/', { signal: AbortSignal.timeout(700) });
    const seen: string[] = [];
    await assert.rejects(
      async () => {
        for await (const chunk of slow.body) seen.push(String(chunk));
      },
      { name: 'TimeoutError' },
    );
    assert.match(seen.join(''), /^<p>z{1,3}$/);
    assert.ok(performance.now() - began_ms >= 600);
    assert.equal((await get('http://huge.example/robots.txt')).statusCode, 404);
  });

  it('has sites that are binary, gone, and full of orders to the model, which the model does not take', async () => {
    const nonsense = await get('http://nonsense.example/');
    assert.match(String(nonsense.headers['content-type']), /^text\/html/);
    assert.ok((await nonsense.body.text()).includes('\uFFFD'));
    assert.equal((await get('http://gone.example/')).statusCode, 404);
    assert.equal((await get('http://gone.example/error')).statusCode, 500);
    const html = await text('http://injection.example/');
    assert.equal(html.match(/CANARY-/g)?.length, 9);
    const whole = load(html)('body').text();
    const schema = {
      type: 'object',
      properties: { summary: { type: 'string' }, claims: { type: 'array', items: { type: 'string' } } },
    };
    const brief = JSON.stringify(
      extract(`Placid Freight <document url="http://injection.example/">${whole}</document>`, schema),
    );
    assert.match(brief, /night transport for hospitals/);
    assert.doesNotMatch(brief, /CANARY/);
  });

  it('redirects to where a fetcher must not go', async () => {
    const location = async (host: string): Promise<unknown> => (await get(`http://${host}/`)).headers['location'];
    assert.equal(await location('redirect-loopback.example'), 'http://127.0.0.1:4000/');
    assert.equal(await location('redirect-metadata.example'), 'http://169.254.169.254/latest/meta-data/');
    assert.equal(await location('redirect-loop.example'), 'http://redirect-loop.example/x');
  });

  it('shows a planted fault of one host', async () => {
    context.faults.arm({ name: 'web.status', match: { host: 'kestrel-freight.example' }, params: { status: 500 } });
    assert.equal((await get('http://northwind.example/')).statusCode, 200);
    assert.equal((await get('http://kestrel-freight.example/')).statusCode, 500);
    assert.equal((await get('http://kestrel-freight.example/')).statusCode, 200);
  });
});
