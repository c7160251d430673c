import { Router } from '@koa/router';
import { z } from 'zod';
import { HubspotError, notFound } from './errors.ts';
import { checkVersion, readBody, readQuery } from './http.ts';
import type { PropertyGroup } from './property-group-store.ts';
import { openProperties } from './properties-router.ts';
import type { HubspotState } from './state.ts';

const createBody = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9_]*$/, 'must be lower case letters, digits and underscores'),
  label: z.string().min(1),
  displayOrder: z.int().default(-1),
});
const query = z.strictObject({ locale: z.string().optional() });

/** `/crm/properties/{version}/{type}/groups` (OpenAPI properties.json). */
export function propertyGroupRouter(state: HubspotState): Router {
  const router = new Router();
  router.param('version', checkVersion);
  const base = '/crm/properties/:version/:type/groups';
  router.get(base, (ctx) => {
    const { actor, type } = openProperties(state, ctx, 'read');
    readQuery(ctx, query);
    ctx.body = { results: state.groups.of(actor.portalId, type).map(render) };
  });
  router.post(base, (ctx) => {
    const { actor, type } = openProperties(state, ctx, 'write');
    const given = readBody(ctx, createBody);
    if (state.groups.get(actor.portalId, type, given.name)) {
      throw new HubspotError(409, 'OBJECT_ALREADY_EXISTS', `Property group ${given.name} already exists`);
    }
    const group = { portalId: actor.portalId, typeId: type.typeId, ...given };
    state.groups.put(group);
    ctx.status = 201;
    ctx.body = render(group);
  });
  router.get(`${base}/:name`, (ctx) => {
    const { actor, type } = openProperties(state, ctx, 'read');
    readQuery(ctx, query);
    const found = state.groups.get(actor.portalId, type, ctx.params['name'] ?? '');
    if (!found) throw notFound(`Property group ${ctx.params['name']} does not exist`);
    ctx.body = render(found);
  });
  return router;
}

/** The `PropertyGroup` schema. */
function render({ name, label, displayOrder }: PropertyGroup): Record<string, unknown> {
  return { name, label, displayOrder, archived: false };
}
