import { Router } from '@koa/router';
import type Koa from 'koa';
import { z } from 'zod';
import { associationRule } from './association-types.ts';
import { openPair } from './association-request.ts';
import { notFound } from './errors.ts';
import { checkVersion, readBody } from './http.ts';
import type { HubspotState } from './state.ts';

type PairContext = Koa.Context & { params: Record<string, string> };

const label = z.string().min(1);
const createBody = z.strictObject({ label, name: z.string().min(1), inverseLabel: label.optional() });
const updateBody = z.strictObject({ associationTypeId: z.int(), label, inverseLabel: label.optional() });

/** The types between two kinds of object, and a portal's own labels among them (OpenAPI associationsSchema.json). */
export function associationLabelsRouter(state: HubspotState): Router {
  const router = new Router();
  router.param('version', checkVersion);
  const base = '/crm/associations/:version/:from/:to/labels';
  router.get(base, (ctx) => listLabels(state, ctx));
  router.post(base, (ctx) => createLabel(state, ctx));
  router.put(base, (ctx) => updateLabel(state, ctx));
  router.delete(`${base}/:typeId`, (ctx) => removeLabel(state, ctx));
  return router;
}

function listLabels(state: HubspotState, ctx: PairContext): void {
  const { actor, pair } = openPair(state, ctx, 'read');
  const rule = associationRule(pair.from, pair.to);
  ctx.body = {
    results: [
      ...(rule ? [{ ...rule.plain, label: null }] : []),
      ...(rule?.primary ? [{ ...rule.primary, label: 'Primary' }] : []),
      ...state.labels.of(actor.portalId, pair).map(rendered),
    ],
  };
}

const rendered = (one: { category: string; typeId: number; label: string }): Record<string, unknown> => {
  return { category: one.category, typeId: one.typeId, label: one.label };
};

function createLabel(state: HubspotState, ctx: PairContext): void {
  const { actor, pair } = openPair(state, ctx, 'write');
  ctx.body = { results: state.labels.create(actor.portalId, pair, readBody(ctx, createBody)).map(rendered) };
}

function updateLabel(state: HubspotState, ctx: PairContext): void {
  const { actor, pair } = openPair(state, ctx, 'write');
  const { associationTypeId, label, inverseLabel } = readBody(ctx, updateBody);
  const one = state.labels.of(actor.portalId, pair).find(({ typeId }) => typeId === associationTypeId);
  if (!one) throw notFound();
  state.labels.rename(one, label);
  const other = state.labels.find(actor.portalId, { ...one, typeId: one.inverseTypeId });
  if (other) state.labels.rename(other, inverseLabel ?? label);
  ctx.status = 204;
}

/** The pairs that carried the label stay associated. */
function removeLabel(state: HubspotState, ctx: PairContext): void {
  const { actor, pair } = openPair(state, ctx, 'write');
  const one = state.labels.of(actor.portalId, pair).find(({ typeId }) => String(typeId) === ctx.params['typeId']);
  if (!one) throw notFound();
  for (const record of state.records.all(actor.portalId, pair.from.typeId)) {
    const end = { typeId: pair.from.typeId, id: record.id };
    for (const [peer, labels] of state.associations.peers(actor.portalId, end, pair.to.typeId)) {
      if (labels.some(({ typeId }) => typeId === one.typeId))
        state.associate.remove(actor, pair, record.id, peer, [one]);
    }
  }
  state.labels.remove(one);
  ctx.status = 204;
}
