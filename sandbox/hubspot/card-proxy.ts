import { Router } from '@koa/router';
import type Koa from 'koa';
import { z } from 'zod';
import { hubspotApp } from '../seed/credentials.ts';
import { HubspotError, validationError } from './errors.ts';
import { readBody } from './http.ts';
import { signV3 } from './signature.ts';
import type { HubspotState } from './state.ts';

const call = z.strictObject({
  portalId: z.int(),
  user: z.strictObject({ id: z.int(), email: z.string() }),
  url: z.url(),
  method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']).default('GET'),
  body: z.record(z.string(), z.unknown()).optional(),
  headers: z.record(z.string(), z.string()).default({}),
  timeout: z.int().positive().max(15_000).default(15_000),
});
type Call = z.infer<typeof call>;

const mostAtOnce = 20;
const most_bytes = 1_048_576;

/**
 * What HubSpot's servers do for a card's `hubspot.fetch` (HubSpot docs, fetching data; the SDK's local proxy): only permitted
 * URLs, who and where added to the query, signed with version 3, no redirects, one retry on a failed connection or 5xx within
 * the window of 15 s, and any 3xx to 5xx of the app wrapped as BAD_GATEWAY.
 */
export function cardProxyRouter(state: HubspotState): Router {
  const router = new Router({ prefix: '/_ui' });
  const underWay = new Map<number, number>();
  router.post('/hubspot-fetch', async (ctx) => {
    const request = readBody(ctx, call);
    checkCall(state, request);
    const busy = underWay.get(request.portalId) ?? 0;
    if (busy >= mostAtOnce) {
      throw new HubspotError(429, 'RATE_LIMITS', `more than ${mostAtOnce} concurrent hubspot.fetch requests`);
    }
    underWay.set(request.portalId, busy + 1);
    try {
      await forward(ctx, request);
    } finally {
      underWay.set(request.portalId, (underWay.get(request.portalId) ?? 1) - 1);
    }
  });
  return router;
}

function checkCall(state: HubspotState, { url, portalId, headers }: Call): void {
  if (!state.portals.get(portalId)?.installed) throw validationError(`the app is not installed in account ${portalId}`);
  const names = Object.keys(headers).map((name) => name.toLowerCase());
  if (names.some((name) => name !== 'authorization') || names.length > 1) {
    throw validationError('hubspot.fetch accepts one header only: Authorization');
  }
  const asked = new URL(url);
  const hub = new URL(state.context.hubUrl).origin;
  if (asked.protocol !== 'https:' && asked.origin !== hub) throw validationError('hubspot.fetch needs an https URL');
  const permitted = state.project?.fetchUrls ?? [hub];
  const allowed = permitted.some((one) => {
    const base = new URL(one);
    return asked.origin === base.origin && asked.pathname.startsWith(base.pathname);
  });
  if (!allowed) throw validationError(`${asked.origin} is not in permittedUrls.fetch of the app`);
}

async function forward(ctx: Koa.Context, { portalId, user, url, method, body, headers, timeout }: Call): Promise<void> {
  const uri = new URL(url);
  uri.searchParams.append('userId', String(user.id));
  uri.searchParams.append('portalId', String(portalId));
  uri.searchParams.append('userEmail', user.email);
  uri.searchParams.append('appId', String(hubspotApp.appId));
  const text = body === undefined ? '' : JSON.stringify(body);
  if (Buffer.byteLength(text) > most_bytes) throw validationError('hubspot.fetch: the request is larger than 1 MB');
  // Real time, not the steered clock: the app judges the signature's age by its own clock.
  const timestamp_ms = Date.now();
  const signature = signV3(hubspotApp.clientSecret, { method, uri: uri.href, body: text }, timestamp_ms);
  const send = (): Promise<Response> =>
    fetch(uri, {
      method,
      redirect: 'manual',
      headers: {
        ...headers,
        ...(text !== '' && { 'content-type': 'application/json' }),
        'x-hubspot-signature-v3': signature,
        'x-hubspot-request-timestamp': String(timestamp_ms),
      },
      ...(text !== '' && { body: text }),
      signal: until,
    });
  const until = AbortSignal.timeout(timeout);
  const first = await send().catch(() => undefined);
  const answer = first && first.status < 500 ? first : await send().catch(() => first);
  if (!answer) throw badGateway(undefined, '');
  const content = Buffer.from(await answer.arrayBuffer());
  if (content.length > most_bytes) throw badGateway(answer.status, 'the response is larger than 1 MB');
  if (answer.status >= 300) throw badGateway(answer.status, content.toString('utf8'));
  ctx.status = answer.status;
  ctx.type = answer.headers.get('content-type') ?? 'application/octet-stream';
  ctx.body = content;
}

/** `responseBody` carries what the app answered, as the SDK hands it to the card. */
function badGateway(status: number | undefined, responseBody: string): HubspotError {
  const context = { appServerStatusCode: status === undefined ? [] : [String(status)] };
  const message = 'The app server did not answer successfully';
  return new HubspotError(502, 'BAD_GATEWAY', message, { context, responseBody: readable(responseBody) });
}

function readable(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
