import type Koa from 'koa';
import { authenticate } from './authentication.ts';
import { apiFaults } from './faults.ts';
import { actorOf } from './http.ts';
import type { RateLimits } from './rate-limit.ts';
import type { HubspotState } from './state.ts';

/** Paths of the public API; everything else (pages, OAuth, steering) has no bearer token. */
const apiPath = /^\/(crm|crm-object-schemas|account-info|appinstalls|automation)(\/|$)/;

const onApi =
  (middleware: Koa.Middleware): Koa.Middleware =>
  (ctx, next) =>
    apiPath.test(ctx.path) ? middleware(ctx, next) : next();

/** The API's door, in order: who calls, whether the call is within the limits, whether a fault is planted. */
export function apiDoor(state: HubspotState, limits: RateLimits): Koa.Middleware[] {
  const identify: Koa.Middleware = (ctx, next) => {
    ctx.state['actor'] = authenticate(state, ctx.get('authorization'));
    return next();
  };
  const limit: Koa.Middleware = (ctx, next) => {
    const actor = actorOf(ctx);
    if (actor.kind === 'person' || !state.portals.settings.rateLimits) return next();
    if (ctx.path.endsWith('/search')) {
      limits.search(actor.portalId);
      return next();
    }
    const allowance = limits.call(actor.portalId);
    ctx.set('X-HubSpot-RateLimit-Max', String(allowance.max));
    ctx.set('X-HubSpot-RateLimit-Remaining', String(allowance.remaining));
    ctx.set('X-HubSpot-RateLimit-Interval-Milliseconds', String(allowance.interval_ms));
    return next();
  };
  return [identify, limit, apiFaults(state.context, actorOf)].map(onApi);
}
