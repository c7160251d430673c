import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { RequestListener } from 'node:http';
import { gzipSync } from 'node:zlib';
import { safeFetcher, type FetchLimits } from '../../../../connectors/web/fetch-page.ts';
import type { FetchedPage } from '../../../../protocol/job.ts';
import { startWeb } from '../../../../sandbox/web/web.ts';
import { vendorContext } from '../../sandbox/seed/vendor-context.ts';
import { localSite } from './local-site.ts';

const clock = { now_ms: () => 1_000, sleep: () => Promise.resolve() };
const open = new AbortController().signal;
const resolve = () => Promise.resolve([{ address: '93.184.215.14', family: 4 }]);
const reasonOf = (page: FetchedPage): string => (page.status === 'unavailable' ? page.reason : 'read');

describe('connectors/web fetch-page through an egress proxy', () => {
  let context: ReturnType<typeof vendorContext>;
  let vendor: Awaited<ReturnType<typeof startWeb>>;
  let fetcher: ReturnType<typeof safeFetcher>;

  before(async () => {
    context = vendorContext();
    vendor = await startWeb(context);
    fetcher = safeFetcher({
      clock,
      userAgent: 'RapportBot/1.0 (+https://rapport.example/bot)',
      proxyUrl: `http://127.0.0.1:${vendor.port}`,
      limits: { time_ms: 700 },
    });
  });
  after(async () => {
    await fetcher.close();
    await vendor.stop();
    context.storage.close();
  });

  it('reads a page: title, main text, links', async () => {
    const page = await fetcher('http://www.northwind.example/contact', open);
    assert.ok(page.status === 'read');
    assert.equal(page.url, 'http://northwind.example/contact');
    assert.equal(page.title, 'Contact | Northwind');
    assert.match(page.text, /^Contact\nThe headquarters of Northwind/);
    assert.ok(!page.text.includes('consent') && !page.text.includes('Home | About'));
    assert.ok(page.links.includes('http://northwind.example/about'));
    assert.equal(page.fetchedAt_ms, 1_000);
    assert.match(page.hash, /^[0-9a-f]{64}$/);
  });

  it('survives what hostile sites do, and says why there is no text', async () => {
    const expected = {
      'http://huge.example/': 'too_large',
      'http://slow.example/': 'timeout',
      'http://redirect-loopback.example/': 'blocked_address',
      'http://redirect-metadata.example/': 'blocked_address',
      'http://redirect-loop.example/': 'http_error',
      'http://nonsense.example/': 'not_html',
      'http://gone.example/': 'http_error',
      'http://private.example/': 'robots',
      'http://robots-down.example/': 'robots',
      'http://nobody-has-this.example/': 'unreachable',
      'http://northwind.example/internal/prices': 'robots',
      'http://northwind.example/sitemap.xml': 'not_html',
      'http://127.0.0.1:4000/': 'blocked_address',
      'http://localhost/': 'blocked_address',
      'https://northwind.example/': 'unreachable',
    };
    for (const [url, reason] of Object.entries(expected)) assert.equal(reasonOf(await fetcher(url, open)), reason, url);
  });

  it('shows what a person sees: nothing hidden, no comment, attribute or metadata', async () => {
    const page = await fetcher('http://injection.example/', open);
    assert.ok(page.status === 'read');
    assert.match(page.text, /quiet night transport/);
    for (const hidden of ['META', 'JSONLD', 'COMMENT', 'HIDDEN', 'WHITE', 'ALT']) {
      assert.ok(!JSON.stringify(page).includes(`CANARY-${hidden}`), hidden);
    }
  });
});

describe('connectors/web fetch-page of a local site', () => {
  /** Runs `work` with a fetcher of a site whose robots.txt forbids `/closed` to our reader only. */
  async function withSite(
    answer: RequestListener,
    work: (read: (path: string) => Promise<FetchedPage>, asked: string[]) => Promise<void>,
    limits: Partial<FetchLimits> = {},
  ): Promise<void> {
    const asked: string[] = [];
    const site = await localSite((request, response) => {
      asked.push(request.url ?? '');
      if (request.url !== '/robots.txt') return answer(request, response);
      const rules = 'User-agent: rapportbot\nDisallow: /closed\n\nUser-agent: *\nDisallow: /\n';
      response.writeHead(200, { 'content-type': 'text/plain' }).end(rules);
    });
    const fetcher = safeFetcher({ clock, userAgent: 'RapportBot/1.0 (+https://x.example)', resolve, limits });
    try {
      await work((path) => fetcher(`http://site.example${path}`, open), asked);
    } finally {
      await fetcher.close();
      await site.close();
    }
  }
  const html =
    (body: string | Buffer, headers: Record<string, string> = {}): RequestListener =>
    (_request, response) =>
      void response.writeHead(200, { 'content-type': 'text/html', ...headers }).end(body);

  it('reads robots.txt once a site, and keeps its own product’s rules', async () => {
    await withSite(html('<p>Hello there.</p>'), async (read, asked) => {
      const [one, two, closed] = await Promise.all([read('/one'), read('/two'), read('/closed/x')]);
      assert.deepEqual([one, two, closed].map(reasonOf), ['read', 'read', 'robots']);
      assert.deepEqual(asked.filter((path) => path === '/robots.txt').length, 1);
      assert.ok(!asked.includes('/closed/x'));
    });
  });

  it('hashes the bytes', async () => {
    const body = '<title>T</title><p>Same bytes.</p>';
    await withSite(html(body), async (read) => {
      const page = await read('/');
      assert.equal(page.status === 'read' && page.hash, createHash('sha256').update(body).digest('hex'));
    });
  });

  it('stops a small answer that unpacks to a huge one', async () => {
    const bomb = gzipSync(Buffer.alloc(80_000_000, '<p>zero</p>'));
    const before = process.memoryUsage().rss;
    await withSite(html(bomb, { 'content-encoding': 'gzip' }), async (read) => {
      assert.equal(reasonOf(await read('/')), 'too_large');
    });
    assert.ok(process.memoryUsage().rss - before < 100_000_000);
  });

  it('ends a body that drips, within its time', async () => {
    const timers: NodeJS.Timeout[] = [];
    const drip: RequestListener = (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/html' });
      timers.push(setInterval(() => response.write('<p>'), 20));
    };
    await withSite(
      drip,
      async (read) => {
        const startedAt_ms = performance.now();
        assert.equal(reasonOf(await read('/')), 'timeout');
        assert.ok(performance.now() - startedAt_ms < 900);
      },
      { time_ms: 300 },
    );
    for (const timer of timers) clearInterval(timer);
  });

  it('reads the encoding that the page names', async () => {
    await withSite(html(Buffer.from('<meta charset="iso-8859-1"><p>Br\u00fcckner</p>', 'latin1')), async (read) => {
      const page = await read('/');
      assert.equal(page.status === 'read' && page.text, 'Brückner');
    });
  });

  it('follows five redirects and no more', async () => {
    const chain: RequestListener = (request, response) => {
      const step = Number(request.url?.slice(1));
      if (step === 0) return void response.writeHead(200, { 'content-type': 'text/html' }).end('<p>Here.</p>');
      response.writeHead(307, { location: `/${step - 1}` }).end();
    };
    await withSite(chain, async (read) => {
      assert.deepEqual([reasonOf(await read('/5')), reasonOf(await read('/6'))], ['read', 'http_error']);
    });
  });
});
