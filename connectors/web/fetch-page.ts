import { createHash } from 'node:crypto';
import { fetch, type Dispatcher } from 'undici';
import type { FetchedPage, FetchPage } from '../../protocol/job.ts';
import type { Clock } from '../../protocol/ports/clock.ts';
import { unlessAborted } from '../../protocol/unless-aborted.ts';
import { BlockedAddress, guardedDispatcher, type Resolve } from './dispatcher.ts';
import { isHtml } from './is-html.ts';
import { pageText } from './page-text.ts';
import { readBody } from './read-body.ts';
import { refusalOfRobots, robotsAnswer, type RobotsAnswer } from './robots.ts';
import { refusalOfUrl } from './target.ts';

export interface FetcherOptions {
  clock: Clock;
  /** Product name first, as robots.txt files name it: `RapportBot/1.0 (+https://...)`. */
  userAgent: string;
  /** The deployment's egress proxy. Names are resolved there; addresses and inner names are refused here all the same. */
  proxyUrl?: string;
  limits?: Partial<FetchLimits>;
  /** How names are resolved without a proxy; the system's resolver if left out. */
  resolve?: Resolve;
}

export interface FetchLimits {
  /** Of a page after decompression. */
  page_bytes: number;
  /** Of a page with its redirects and its site's robots.txt. */
  time_ms: number;
  redirects: number;
  /** How long a site's robots.txt is remembered (RFC 9309, 2.4: at most a day). */
  robots_ms: number;
}

const defaults: FetchLimits = { page_bytes: 1_500_000, time_ms: 10_000, redirects: 5, robots_ms: 3_600_000 };
/** RFC 9309, 2.5: at least 500 kibibytes are to be read. */
const robots_bytes = 512_000;
const mostSites = 500;

type Unavailable = Extract<FetchedPage, { status: 'unavailable' }>;
type Failure = Pick<Unavailable, 'reason' | 'detail'>;

/** Ends a fetch from within, with the reason that the page is unavailable. */
class Stopped extends Error {
  readonly failure: Failure;

  constructor(reason: Failure['reason'], detail: string) {
    super(detail);
    this.failure = { reason, detail };
  }
}

/**
 * A reader of public pages that nobody can turn against our own network: http and https, ports 80 and 443, names only, addresses checked
 * and pinned, each redirect checked like the first, robots.txt honoured, size and time capped, HTML only. It throws for nothing that a
 * page does; only an aborted signal throws.
 */
export function safeFetcher(options: FetcherOptions): FetchPage & { close(): Promise<void> } {
  const fetcher = new SafeFetcher(options);
  return Object.assign((url: string, signal: AbortSignal) => fetcher.page(url, signal), {
    close: () => fetcher.close(),
  });
}

class SafeFetcher {
  readonly #options: FetcherOptions;
  readonly #limits: FetchLimits;
  readonly #dispatcher: Dispatcher;
  readonly #robots = new Map<string, { answer: Promise<RobotsAnswer>; until_ms: number }>();

  constructor(options: FetcherOptions) {
    this.#options = options;
    this.#limits = { ...defaults, ...options.limits };
    const { proxyUrl, resolve } = options;
    this.#dispatcher = guardedDispatcher({ proxyUrl, resolve, connect_ms: this.#limits.time_ms });
  }

  async page(address: string, signal: AbortSignal): Promise<FetchedPage> {
    signal.throwIfAborted();
    const time = AbortSignal.timeout(this.#limits.time_ms);
    try {
      return await this.#read(address, AbortSignal.any([signal, time]));
    } catch (error) {
      signal.throwIfAborted();
      return { status: 'unavailable', url: address, ...failureOf(error, time.aborted, this.#limits.time_ms) };
    }
  }

  async close(): Promise<void> {
    await this.#dispatcher.destroy();
  }

  async #read(address: string, signal: AbortSignal): Promise<FetchedPage> {
    const { url, status, type, body } = await this.#follow(address, this.#limits.page_bytes, signal, true);
    if (status < 200 || status >= 300) throw new Stopped('http_error', `the site answered ${status}`);
    if (!isHtml(type, body)) throw new Stopped('not_html', `it is no HTML page (${type || 'of no stated type'})`);
    return {
      status: 'read',
      url,
      ...pageText(body, type, url),
      fetchedAt_ms: this.#options.clock.now_ms(),
      hash: createHash('sha256').update(body).digest('hex'),
    };
  }

  /** Goes after redirects; each address on the way is checked as the first, and each site's robots.txt is asked. */
  async #follow(
    address: string,
    limit_bytes: number,
    signal: AbortSignal,
    asRobots: boolean,
  ): Promise<{ url: string; status: number; type: string; body: Buffer }> {
    let next = address;
    for (let hop = 0; hop <= this.#limits.redirects; hop++) {
      if (!URL.canParse(next)) throw new Stopped('unreachable', 'it is not an address of a page');
      const url = new URL(next);
      const refusal = refusalOfUrl(url);
      if (refusal !== undefined) throw new Stopped('blocked_address', refusal);
      if (asRobots) await this.#askRobots(url, signal);
      const answer = await this.#get(url, limit_bytes, signal);
      if (answer.location === undefined) return { url: url.href, ...answer };
      next = URL.canParse(answer.location, url) ? new URL(answer.location, url).href : answer.location;
    }
    throw new Stopped('http_error', `it redirects more than ${this.#limits.redirects} times`);
  }

  async #get(
    url: URL,
    limit_bytes: number,
    signal: AbortSignal,
  ): Promise<{ status: number; type: string; body: Buffer; location: string | undefined }> {
    const headers = {
      'user-agent': this.#options.userAgent,
      accept: 'text/html,application/xhtml+xml;q=0.9,*/*;q=0.1',
      'accept-language': 'en,*;q=0.5',
    };
    const response = await fetch(url, { dispatcher: this.#dispatcher, redirect: 'manual', headers, signal });
    const { status } = response;
    // Such answers are the proxy's own: it cannot reach the site, or does not know us.
    if (this.#options.proxyUrl !== undefined && (status === 502 || status === 504 || status === 407))
      throw new Stopped('unreachable', `the egress proxy answered ${status}`);
    const type = response.headers.get('content-type') ?? '';
    if (status < 200 || status >= 300) {
      await response.body?.cancel();
      const location = status >= 300 && status < 400 ? (response.headers.get('location') ?? undefined) : undefined;
      return { status, type, body: Buffer.alloc(0), location };
    }
    const body = await readBody(response, limit_bytes);
    if (!body) throw new Stopped('too_large', `it is larger than ${limit_bytes} bytes`);
    return { status, type, body, location: undefined };
  }

  async #askRobots(url: URL, signal: AbortSignal): Promise<void> {
    const now_ms = this.#options.clock.now_ms();
    const known = this.#robots.get(url.origin);
    const entry =
      known && known.until_ms > now_ms
        ? known
        : { answer: this.#fetchRobots(url), until_ms: now_ms + this.#limits.robots_ms };
    if (entry !== known) this.#remember(url.origin, entry);
    const answer = await unlessAborted(entry.answer, signal);
    if (answer.kind === 'failed') {
      // No time or no connection: the next page asks again.
      if (this.#robots.get(url.origin) === entry) this.#robots.delete(url.origin);
      throw new Stopped(answer.reason, answer.detail);
    }
    const refusal = refusalOfRobots(answer, url, this.#options.userAgent);
    if (refusal !== undefined) throw new Stopped('robots', refusal);
  }

  #remember(origin: string, entry: { answer: Promise<RobotsAnswer>; until_ms: number }): void {
    const [oldest] = this.#robots.keys();
    if (this.#robots.size >= mostSites && oldest !== undefined) this.#robots.delete(oldest);
    this.#robots.set(origin, entry);
  }

  /** On its own time: several readers may wait for it, and one that leaves must not end it for the others. */
  async #fetchRobots(url: URL): Promise<RobotsAnswer> {
    const signal = AbortSignal.timeout(this.#limits.time_ms);
    try {
      const { status, body } = await this.#follow(new URL('/robots.txt', url).href, robots_bytes, signal, false);
      return robotsAnswer(status, body.toString('utf8'));
    } catch (error) {
      const { reason, detail } = failureOf(error, signal.aborted, this.#limits.time_ms);
      if (reason === 'blocked_address' || reason === 'unreachable' || reason === 'timeout')
        return { kind: 'failed', reason, detail };
      return { kind: 'closed', why: `robots.txt cannot be read (${detail}): the site is left alone` };
    }
  }
}

function failureOf(error: unknown, isLate: boolean, time_ms: number): Failure {
  if (isLate) return { reason: 'timeout', detail: `it was not read within ${time_ms} ms` };
  let last = error;
  for (let at = error; at instanceof Error; at = at.cause) {
    if (at instanceof Stopped) return at.failure;
    if (at instanceof BlockedAddress) return { reason: 'blocked_address', detail: at.message };
    last = at;
  }
  return { reason: 'unreachable', detail: last instanceof Error ? last.message : String(last) };
}
