import { load } from 'cheerio';
import { z } from 'zod';
import { Fault, Reconnect, RetryLater, type RapportError } from '../../protocol/errors.ts';
import type { Search, SearchHit } from '../../protocol/job.ts';
import type { Clock } from '../../protocol/ports/clock.ts';

export interface BraveOptions {
  apiKey: string;
  /** e.g. `https://api.search.brave.com` */
  baseUrl: string;
  clock: Clock;
  fetch?: typeof globalThis.fetch;
}

const timeout_ms = 10_000;
const wait_ms = 5_000;
const answer = z.looseObject({
  web: z
    .looseObject({
      results: z.array(z.looseObject({ url: z.url(), title: z.string(), description: z.string().default('') })),
    })
    .optional(),
});
const errorBody = z.looseObject({
  error: z.looseObject({ code: z.string().default(''), detail: z.string().default('') }),
});

/** Brave's Web Search API. Brave docs: web search query and response objects, rate limiting. */
export function braveSearch({ apiKey, baseUrl, clock, fetch = globalThis.fetch }: BraveOptions): Search {
  return {
    name: 'Brave Search',
    async query(text, count, signal) {
      const url = new URL('/res/v1/web/search', baseUrl);
      const wanted = {
        q: withinLimits(text),
        count: String(Math.min(Math.max(count, 1), 20)),
        text_decorations: 'false',
      };
      url.search = new URLSearchParams({ ...wanted, result_filter: 'web' }).toString();
      const headers = { accept: 'application/json', 'x-subscription-token': apiKey };
      try {
        const response = await fetch(url, {
          headers,
          redirect: 'error',
          signal: AbortSignal.any([signal, AbortSignal.timeout(timeout_ms)]),
        });
        const body: unknown = await response.json().catch(() => undefined);
        if (!response.ok) throw refusal(response, body, clock.now_ms());
        return hits(answer.parse(body), count);
      } catch (error) {
        signal.throwIfAborted();
        if (error instanceof RetryLater || error instanceof Reconnect || error instanceof Fault) throw error;
        if (error instanceof z.ZodError) throw new Fault('Brave Search answered in a form we do not know', error);
        throw new RetryLater('Brave Search did not answer', clock.now_ms() + wait_ms, error);
      }
    },
  };
}

/** At most 400 characters and 50 words. */
function withinLimits(text: string): string {
  return text.split(/\s+/).filter(Boolean).slice(0, 50).join(' ').slice(0, 400);
}

function hits({ web }: z.infer<typeof answer>, count: number): SearchHit[] {
  return (web?.results ?? [])
    .slice(0, count)
    .map(({ url, title, description }) => ({ url, title: plain(title), snippet: plain(description) }));
}

/** Brave gives text with HTML entities. */
function plain(html: string): string {
  return load(html, null, false).text().replaceAll(/\s+/g, ' ').trim();
}

function refusal(response: Response, body: unknown, now_ms: number): RapportError {
  const { status, headers } = response;
  const { error } = errorBody.catch({ error: { code: '', detail: '' } }).parse(body);
  const message = `Brave Search answered ${status} ${error.code}: ${error.detail}`;
  if (status === 401 || status === 403 || error.code === 'SUBSCRIPTION_TOKEN_INVALID') return new Reconnect(message);
  if (status === 429 || status >= 500) return new RetryLater(message, now_ms + resetAfter_ms(headers));
  return new Fault(message);
}

/** `X-RateLimit-Reset: 1, 1419704` beside `X-RateLimit-Remaining: 0, 1200`: the window that is used up says how long. */
function resetAfter_ms(headers: Headers): number {
  const numbers = (name: string): number[] => (headers.get(name) ?? '').split(',').map(Number);
  const resets = numbers('x-ratelimit-reset');
  const used = numbers('x-ratelimit-remaining').flatMap((left, at) => (left <= 0 ? [resets[at] ?? 0] : []));
  const seconds = Math.max(0, ...used);
  return Number.isFinite(seconds) && seconds > 0 && headers.has('x-ratelimit-reset') ? seconds * 1000 : wait_ms;
}
