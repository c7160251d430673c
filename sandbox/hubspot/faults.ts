import type Koa from 'koa';
import type { Actor } from './actor.ts';
import type { VendorContext } from '../kit/vendor.ts';

/*
 * Faults of the HubSpot stand-in, planted by `POST /_sandbox/faults`. Values of `match` are strings. API faults hit the app's
 * calls only; a person's calls are a test's own hand.
 *
 * api.status                 match method, path, type, portalId   params status, body?, retryAfter? (seconds)
 *                            Answers before anything is done.
 * api.hang                   match method, path, type, portalId   params for_ms? (default 30,000)
 *                            Does nothing and answers nothing for that long, then closes the connection.
 * api.timeout_after_commit   match method, path, type, portalId
 *                            Does the call, then closes the connection without an answer.
 * api.accept_but_ignore      match property, type, portalId
 *                            A write leaves this property as it was and still answers 2xx.
 * search.lag                 match type, portalId                 params lag_ms
 *                            One write becomes visible to search that much later.
 * token.revoke               match portalId                       params accessTokens? (true: these stop too)
 *                            The portal's refresh token is revoked by the next call that carries one of its tokens.
 * token.rotate               match portalId
 *                            A refresh gives another refresh token; the one used is refused from then on.
 * webhook.drop               match subscriptionType, portalId, objectTypeId, objectId, propertyName, changeSource
 *                            The event is never sent.
 * webhook.duplicate          match as above                       The event is sent twice, with the same eventId.
 * webhook.delay              match as above                       params delay_ms
 */

/** The API faults, around everything a call does. */
export function apiFaults(context: VendorContext, actor: (ctx: Koa.Context) => Actor): Koa.Middleware {
  return async (ctx, next) => {
    if (actor(ctx).kind === 'person') return next();
    const facts = {
      method: ctx.method,
      path: ctx.path,
      type: ctx.path.split('/')[4] ?? '',
      portalId: String(actor(ctx).portalId),
    };
    const status = context.faults.take('api.status', facts);
    if (status) {
      ctx.status = Number(status.params['status'] ?? 500);
      ctx.body = status.params['body'] ?? { status: 'error', message: 'internal error' };
      if (status.params['retryAfter'] !== undefined)
        ctx.set('Retry-After', String(Number(status.params['retryAfter'])));
      return undefined;
    }
    const hang = context.faults.take('api.hang', facts);
    if (hang) {
      ctx.respond = false;
      const closing = setTimeout(() => ctx.req.socket.destroy(), Number(hang.params['for_ms'] ?? 30_000));
      ctx.req.socket.once('close', () => clearTimeout(closing));
      return undefined;
    }
    const silent = context.faults.take('api.timeout_after_commit', facts);
    await next();
    if (silent) {
      ctx.respond = false;
      ctx.req.socket.destroy();
    }
    return undefined;
  };
}
