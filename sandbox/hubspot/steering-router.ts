import { Router } from '@koa/router';
import { z } from 'zod';
import { HubspotError, notFound } from './errors.ts';
import { readBody } from './http.ts';
import { find } from './object-request.ts';
import { personAt } from './authentication.ts';
import type { RateLimits } from './rate-limit.ts';
import { grantedScopes } from './seed.ts';
import type { HubspotState } from './state.ts';
import type { WebhookQueue } from './webhook-queue.ts';

const portalBody = z.strictObject({
  portalId: z.int().positive(),
  refreshToken: z.string().min(1),
  personToken: z.string().min(1),
  customObject: z.boolean().default(false),
});
const limitsBody = z.strictObject({ enabled: z.boolean().optional(), searchLag_ms: z.number().min(0).optional() });
const restoreBody = z.strictObject({ portalId: z.int(), type: z.string(), id: z.string() });

/** Steering that only this vendor has: more portals, limits off, what is still to be pushed; and the page's recycle bin. */
export function steeringRouter(state: HubspotState, queue: WebhookQueue, limits: RateLimits): Router {
  const router = new Router();
  router.post('/_sandbox/portals', (ctx) => {
    const { portalId, refreshToken, personToken, customObject } = readBody(ctx, portalBody);
    if (state.portals.get(portalId)) throw new HubspotError(409, 'CONFLICT', `portal ${portalId} exists`);
    state.portals.put({ portalId, personToken, installed: true, customObject });
    const userId = 590_001;
    state.portals.addOwner({
      portalId,
      id: '790001',
      userId,
      email: 'owner@test-portal.example',
      firstName: 'Test',
      lastName: 'Owner',
      createdAt_ms: state.context.clock.now_ms(),
    });
    state.tokens.addGrant({ portalId, userId, scopes: grantedScopes(state) }, refreshToken);
    ctx.status = 201;
    ctx.body = { portalId, types: state.portals.types(portalId).map(({ typeId, name }) => ({ typeId, name })) };
  });
  router.post('/_sandbox/limits', (ctx) => {
    const { enabled, searchLag_ms } = readBody(ctx, limitsBody);
    state.portals.change({
      ...(enabled !== undefined && { rateLimits: enabled }),
      ...(searchLag_ms !== undefined && { searchLag_ms }),
    });
    limits.forget();
    ctx.body = state.portals.settings;
  });
  router.get('/_sandbox/webhooks', (ctx) => {
    ctx.body = { pending: queue.pending };
  });
  router.post('/_ui/restore', (ctx) => {
    const { portalId, type: named, id } = readBody(ctx, restoreBody);
    const type = state.portals.findType(portalId, named);
    const record = type && find(state, portalId, type, id, { archived: true });
    if (!type || !record) throw notFound();
    state.write.restore(personAt(state, portalId), type, record);
    ctx.status = 204;
  });
  return router;
}
