import type { IncomingMessage, ServerResponse } from 'node:http';
import type { VendorContext } from '../kit/vendor.ts';
import { firmPages, robots, sitemap } from './firm-site.ts';
import { publicFirms, type Firm } from './firms.ts';
import { answerHostile, isHostile } from './hostile-sites.ts';
import type { Page } from './html.ts';
import { guideHost, guidePages } from './market-guide.ts';

const day_ms = 86_400_000;

/** The sites that exist, whoever asks for them: through the proxy, or through the search index. */
export class PublicWeb {
  readonly firms: Map<string, Firm>;
  readonly #context: VendorContext;
  readonly #guide: Map<string, Page>;
  #index: { day: number; pages: { url: string; page: Page }[] } | undefined;

  constructor(context: VendorContext) {
    this.#context = context;
    this.firms = publicFirms(context.world);
    this.#guide = guidePages(this.firms);
  }

  resolves(host: string): boolean {
    return this.firms.has(host.replace(/^www\./, '')) || host === guideHost || isHostile(host);
  }

  /** All pages a search engine would have: firms' own and the guide's, less what robots.txt keeps back. Made anew each day. */
  indexed(): { url: string; page: Page }[] {
    const day = Math.floor(this.#context.clock.now_ms() / day_ms);
    if (this.#index?.day !== day) this.#index = { day, pages: [...this.#crawl()] };
    return this.#index.pages;
  }

  /** Answers one request for a site. The host must resolve. Fault `web.status` (match `host`, `path`; `params.status`). */
  answer(url: URL, request: IncomingMessage, response: ServerResponse): void {
    const { hostname: host, pathname: path } = url;
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return send(response, 405, 'text/plain', 'Only GET and HEAD.');
    const fault = this.#context.faults.take('web.status', { host, path });
    if (fault)
      return send(
        response,
        Number(fault.params['status'] ?? 503),
        'text/html; charset=utf-8',
        '<h1>Something is wrong</h1>',
      );
    if (isHostile(host)) return answerHostile(host, path, response);
    if (host.startsWith('www.'))
      return void response.writeHead(301, { location: `http://${host.slice(4)}${path}`, 'content-length': 0 }).end();
    const firm = this.firms.get(host);
    if (firm && path === '/robots.txt') return send(response, 200, 'text/plain; charset=utf-8', robots(firm));
    if (firm && path === '/sitemap.xml') return send(response, 200, 'application/xml', sitemap(firm));
    const pages = firm ? firmPages(firm, this.#context.clock.now_ms()) : this.#guide;
    const page = pages.get(path === '/' ? '/' : path.replace(/\/$/, ''));
    if (page) send(response, 200, 'text/html; charset=utf-8', page.html);
    else send(response, 404, 'text/html; charset=utf-8', '<h1>Page not found</h1>');
  }

  *#crawl(): Generator<{ url: string; page: Page }> {
    for (const firm of this.firms.values()) {
      for (const [path, page] of firmPages(firm, this.#context.clock.now_ms())) {
        const isClosed = path !== '/' && robots(firm).includes(`Disallow: /${path.split('/')[1]}`);
        if (!isClosed) yield { url: `http://${firm.domain}${path}`, page };
      }
    }
    for (const [path, page] of this.#guide) yield { url: `http://${guideHost}${path}`, page };
  }
}

/** Ends a response with a whole body. */
export function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) }).end(body);
}
