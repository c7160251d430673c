import { randomUUID } from 'node:crypto';
import type { Context } from 'koa';
import { z } from 'zod';
import type { VendorContext } from '../kit/vendor.ts';
import { searchToken } from './accounts.ts';
import type { Page } from './html.ts';
import type { PublicWeb } from './public-web.ts';

const perSecond = 20;
const perMonth = 15_000;
const query = z.strictObject({
  q: z
    .string()
    .min(1)
    .max(400)
    .refine((text) => text.split(/\s+/).length <= 50, 'at most 50 words'),
  count: z.coerce.number().int().min(1).max(20).default(20),
  offset: z.coerce.number().int().min(0).max(9).default(0),
  country: z.string().length(2).optional(),
  search_lang: z.string().min(2).optional(),
  ui_lang: z.string().optional(),
  safesearch: z.enum(['off', 'moderate', 'strict']).optional(),
  freshness: z.string().optional(),
  text_decorations: z.enum(['true', 'false', '1', '0']).optional(),
  spellcheck: z.enum(['true', 'false', '1', '0']).optional(),
  result_filter: z.literal('web').optional(),
  extra_snippets: z.enum(['true', 'false', '1', '0']).optional(),
});

/**
 * `GET /res/v1/web/search`, shaped like Brave's Web Search API, over the sandbox's public web. The key is the header
 * `X-Subscription-Token: sandbox`. As Brave does, a wrong key is a 422, and is looked at before the query. Brave docs: rate limiting,
 * web search query and response objects. Fault: `search.status` (`params.status`).
 */
export function searchApi(web: PublicWeb, context: VendorContext): (ctx: Context) => void {
  const stamps_ms: number[] = [];
  return (ctx) => {
    const fail = (status: number, code: string, detail: string, meta: object): void => {
      ctx.status = status;
      ctx.body = {
        type: 'ErrorResponse',
        error: { id: randomUUID(), status, code, detail, meta },
        time: Math.floor(context.clock.now_ms() / 1000),
      };
    };
    const invalid = (errors: object[]): void =>
      fail(422, 'VALIDATION', 'Unable to validate request parameter(s)', { errors });
    const fault = context.faults.take('search.status');
    if (fault)
      return fail(Number(fault.params['status'] ?? 500), 'INTERNAL', 'Internal server error.', {
        component: 'sandbox',
      });
    const key = ctx.get('x-subscription-token');
    if (key === '')
      return invalid([
        { type: 'missing', loc: ['header', 'x-subscription-token'], msg: 'Field required', input: null },
      ]);
    if (key !== searchToken)
      return fail(422, 'SUBSCRIPTION_TOKEN_INVALID', 'The provided subscription token is invalid.', {
        component: 'authentication',
      });
    const asked = query.safeParse({ ...ctx.query });
    if (!asked.success) {
      return invalid(
        asked.error.issues.map((issue) => ({
          type: issue.code,
          loc: ['query', ...(issue.code === 'unrecognized_keys' ? issue.keys : issue.path)],
          msg: issue.message,
          input: null,
        })),
      );
    }
    const now_ms = context.clock.now_ms();
    while (stamps_ms[0] !== undefined && stamps_ms[0] <= now_ms - 1000) stamps_ms.shift();
    ctx.set('x-ratelimit-limit', `${perSecond}, ${perMonth}`);
    ctx.set('x-ratelimit-policy', `${perSecond};w=1, ${perMonth};w=2592000`);
    ctx.set('x-ratelimit-remaining', `${Math.max(0, perSecond - stamps_ms.length - 1)}, ${perMonth - 1}`);
    ctx.set('x-ratelimit-reset', '1, 2592000');
    if (stamps_ms.length >= perSecond) {
      return fail(429, 'RATE_LIMITED', 'Request rate limit exceeded for plan', {
        plan: 'Base',
        rate_limit: perSecond,
        rate_current: stamps_ms.length,
        quota_limit: perMonth,
        quota_current: 1,
        component: 'rate_limiter',
      });
    }
    stamps_ms.push(now_ms);
    ctx.body = results(web, asked.data.q, asked.data.count, asked.data.offset);
  };
}

function results(web: PublicWeb, q: string, count: number, offset: number): unknown {
  const terms = [...new Set(q.toLowerCase().match(/[\p{L}\p{N}]{2,}/gu))];
  const index = web.indexed();
  const rarity = new Map(
    terms.map((term) => [
      term,
      Math.log(1 + index.length / (1 + index.filter(({ page }) => page.words.includes(term)).length)),
    ]),
  );
  const found = index
    .map(({ url, page }) => ({ url, page, score: score(url, page, rarity) }))
    .filter((one) => one.score > 0)
    .sort((one, other) => other.score - one.score || one.url.localeCompare(other.url));
  const shown = found.slice(offset * count, (offset + 1) * count);
  return {
    type: 'search',
    query: {
      original: q,
      show_strict_warning: false,
      is_navigational: false,
      is_news_breaking: false,
      spellcheck_off: true,
      country: 'us',
      bad_results: false,
      should_fallback: false,
      postal_code: '',
      city: '',
      header_country: '',
      more_results_available: found.length > (offset + 1) * count,
      state: '',
    },
    mixed: { type: 'mixed', main: shown.map((_, index) => ({ type: 'web', index, all: false })), top: [], side: [] },
    web: { type: 'search', results: shown.map(({ url, page }) => result(url, page, terms)), family_friendly: true },
  };
}

/** A word counts by its rarity, three times in the host or title; a page must have half of the words. */
function score(url: string, page: Page, rarity: Map<string, number>): number {
  const head = `${url} ${page.title}`.toLowerCase();
  const values = [...rarity].map(
    ([term, weight]) => ((head.includes(term) ? 3 : 0) + (page.words.includes(term) ? 1 : 0)) * weight,
  );
  const hits = values.filter((value) => value > 0).length;
  return hits * 2 < rarity.size ? 0 : values.reduce((sum, value) => sum + value, 0);
}

function result(url: string, page: Page, terms: string[]): unknown {
  const { hostname, pathname } = new URL(url);
  const snippet =
    page.paragraphs.find((text) => terms.some((term) => text.toLowerCase().includes(term))) ?? page.paragraphs[0] ?? '';
  return {
    title: page.title,
    url,
    is_source_local: false,
    is_source_both: false,
    description: snippet,
    profile: { name: hostname, url, long_name: hostname, img: `http://${hostname}/favicon.ico` },
    language: 'en',
    family_friendly: true,
    type: 'search_result',
    subtype: 'generic',
    meta_url: {
      scheme: 'http',
      netloc: hostname,
      hostname,
      favicon: `http://${hostname}/favicon.ico`,
      path: pathname === '/' ? '' : `› ${pathname.slice(1)}`,
    },
  };
}
