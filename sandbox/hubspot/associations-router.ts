import { Router } from '@koa/router';
import type Koa from 'koa';
import { z } from 'zod';
import type { Actor } from './actor.ts';
import { associationRule, type AssociationLabel } from './association-types.ts';
import type { Pair } from './association-writer.ts';
import { openPair } from './association-request.ts';
import { answerBatch, atMost } from './batch-answer.ts';
import { HubspotError, notFound } from './errors.ts';
import { checkVersion, limitUpTo, readBody, readQuery } from './http.ts';
import { associationSpec } from './new-associations.ts';
import { idText, mustFind } from './object-request.ts';
import { livePeers } from './record-view.ts';
import type { HubspotState } from './state.ts';

type PairContext = Koa.Context & { params: Record<string, string> };

const end = z.strictObject({ id: idText });
const readInput = z.strictObject({
  inputs: z.array(z.strictObject({ id: idText, after: z.string().optional() })).min(1),
});
const pairInput = z.strictObject({ inputs: z.array(z.strictObject({ from: end, to: end })).min(1) });
const labelled = z.strictObject({ from: end, to: end, types: z.array(associationSpec).min(1) });
const labelledInput = z.strictObject({ inputs: z.array(labelled).min(1) });
const archiveInput = z.strictObject({ inputs: z.array(z.strictObject({ from: end, to: z.array(end).min(1) })).min(1) });
const pageQuery = z.strictObject({ after: z.string().regex(/^\d+$/).optional(), limit: limitUpTo(500, 500) });

/** HubSpot docs, associations: 1,000 ids in a batch read, 2,000 inputs in the writing batches. */
const mostRead = 1000;
const mostWritten = 2000;

/** Associations (OpenAPI associations.json): batches under `/crm/associations`, single pairs under `/crm/objects`. */
export function associationsRouter(state: HubspotState): Router {
  const router = new Router();
  router.param('version', checkVersion);
  const batch = '/crm/associations/:version/:from/:to/batch';
  router.post(`${batch}/read`, (ctx) => batchRead(state, ctx));
  router.post(`${batch}/create`, (ctx) => batchCreate(state, ctx));
  router.post(`${batch}/associate/default`, (ctx) => batchDefault(state, ctx));
  router.post(`${batch}/archive`, (ctx) => batchArchive(state, ctx));
  router.post(`${batch}/labels/archive`, (ctx) => batchArchiveLabels(state, ctx));
  const one = '/crm/objects/:version/:from/:id/associations';
  router.get(`${one}/:to`, (ctx) => listPeers(state, ctx));
  router.put(`${one}/default/:to/:toId`, (ctx) => putDefault(state, ctx));
  router.put(`${one}/:to/:toId`, (ctx) => putLabels(state, ctx));
  router.delete(`${one}/:to/:toId`, (ctx) => removeAll(state, ctx));
  return router;
}

/** The `MultiAssociatedObjectWithLabel` schema: `toObjectId` is text, as the OpenAPI file says. */
function renderPeer(
  state: HubspotState,
  portalId: number,
  pair: Pair,
  id: string,
  labels: readonly AssociationLabel[],
): Record<string, unknown> {
  const associationTypes = labels.map((one) => {
    return { category: one.category, typeId: one.typeId, label: labelText(state, portalId, pair, one) ?? null };
  });
  return { toObjectId: id, associationTypes };
}

/** What a rep reads beside an association; nothing for the plain type. */
function labelText(state: HubspotState, portalId: number, pair: Pair, one: AssociationLabel): string | undefined {
  const primary = associationRule(pair.from, pair.to)?.primary;
  return primary?.typeId === one.typeId ? 'Primary' : state.labels.find(portalId, one)?.label;
}

function batchRead(state: HubspotState, ctx: PairContext): void {
  const { actor, pair } = openPair(state, ctx, 'read');
  const { inputs } = readBody(ctx, readInput);
  atMost(mostRead, inputs);
  const results: unknown[] = [];
  const errors: unknown[] = [];
  for (const { id } of inputs) {
    const record = state.records.get(actor.portalId, pair.from.typeId, id);
    const peers = record && record.archivedAt_ms === undefined ? livePeers(state, record, pair.to) : [];
    if (peers.length > 0) {
      results.push({
        from: { id },
        to: peers.map(([peer, labels]) => renderPeer(state, actor.portalId, pair, peer, labels)),
      });
    } else {
      errors.push(noneFound(pair, id));
    }
  }
  answerBatch(ctx, state.context.clock.now_ms(), 200, results, errors);
}

/** HubSpot answers a record without associations as an error of the batch, not as an empty list. */
function noneFound(pair: Pair, id: string): unknown {
  const message = `No ${pair.to.singular} is associated with ${pair.from.singular} ${id}.`;
  const subCategory = 'crm.associations.NO_ASSOCIATIONS_FOUND';
  return { ...notFound(message).standard({ fromObjectId: [id] }), subCategory };
}

function batchCreate(state: HubspotState, ctx: PairContext): void {
  const { actor, pair } = openPair(state, ctx, 'write');
  const { inputs } = readBody(ctx, labelledInput);
  atMost(mostWritten, inputs);
  const results: unknown[] = [];
  const errors: unknown[] = [];
  for (const { from, to, types } of inputs) {
    const error = associate(state, actor, pair, from.id, to.id, types);
    if (error) errors.push(error.standard({ fromObjectId: [from.id], toObjectId: [to.id] }));
    else results.push(renderPair(state, actor, pair, from.id, to.id, types));
  }
  answerBatch(ctx, state.context.clock.now_ms(), 201, results, errors);
}

/** The `LabelsBetweenObjectPair` schema. */
function renderPair(
  state: HubspotState,
  actor: Actor,
  pair: Pair,
  from: string,
  to: string,
  types: readonly AssociationLabel[],
): Record<string, unknown> {
  return {
    fromObjectTypeId: pair.from.typeId,
    fromObjectId: from,
    toObjectTypeId: pair.to.typeId,
    toObjectId: to,
    labels: types.flatMap((one) => labelText(state, actor.portalId, pair, one) ?? []),
  };
}

function associate(
  state: HubspotState,
  actor: Actor,
  pair: Pair,
  from: string,
  to: string,
  types: readonly AssociationLabel[],
): HubspotError | undefined {
  try {
    state.associate.check(actor.portalId, pair, types);
    state.associate.checkEnds(actor.portalId, pair, from, to);
    if (types.length > 0) state.associate.dropOtherLabels(actor, pair, from, to, types);
    state.associate.add(actor, pair, from, to, types);
    return undefined;
  } catch (error) {
    if (error instanceof HubspotError) return error;
    throw error;
  }
}

/** The `PublicDefaultAssociation` schema, both directions. */
function renderDefault(state: HubspotState, pair: Pair, from: string, to: string): Record<string, unknown>[] {
  return [
    { pair, from, to },
    { pair: { from: pair.to, to: pair.from }, from: to, to: from },
  ].map((one) => {
    const { category, typeId } = state.associate.rule(one.pair).plain;
    return {
      from: { id: one.from },
      to: { id: one.to },
      associationSpec: { associationCategory: category, associationTypeId: typeId },
    };
  });
}

function batchDefault(state: HubspotState, ctx: PairContext): void {
  const { actor, pair } = openPair(state, ctx, 'write');
  const { inputs } = readBody(ctx, pairInput);
  atMost(mostWritten, inputs);
  const results: unknown[] = [];
  const errors: unknown[] = [];
  for (const { from, to } of inputs) {
    const error = associate(state, actor, pair, from.id, to.id, []);
    if (error) errors.push(error.standard({ fromObjectId: [from.id], toObjectId: [to.id] }));
    else results.push(...renderDefault(state, pair, from.id, to.id));
  }
  answerBatch(ctx, state.context.clock.now_ms(), 200, results, errors);
}

function batchArchive(state: HubspotState, ctx: PairContext): void {
  const { actor, pair } = openPair(state, ctx, 'write');
  const { inputs } = readBody(ctx, archiveInput);
  atMost(mostWritten, inputs);
  for (const { from, to } of inputs) {
    for (const { id } of to) state.associate.remove(actor, pair, from.id, id);
  }
  ctx.status = 204;
}

function batchArchiveLabels(state: HubspotState, ctx: PairContext): void {
  const { actor, pair } = openPair(state, ctx, 'write');
  const { inputs } = readBody(ctx, labelledInput);
  atMost(mostWritten, inputs);
  for (const { types } of inputs) state.associate.check(actor.portalId, pair, types);
  for (const { from, to, types } of inputs) state.associate.remove(actor, pair, from.id, to.id, types);
  ctx.status = 204;
}

function listPeers(state: HubspotState, ctx: PairContext): void {
  const { actor, pair } = openPair(state, ctx, 'read');
  const { after, limit } = readQuery(ctx, pageQuery);
  const id = ctx.params['id'] ?? '';
  mustFind(state, actor.portalId, pair.from, id);
  // A merged-away id has no associations any more (HubSpot changelog, "Deals now support merging").
  const record = state.records.get(actor.portalId, pair.from.typeId, id);
  const left =
    !record || record.mergedInto !== undefined
      ? []
      : livePeers(state, record, pair.to).filter(([peer]) => after === undefined || Number(peer) > Number(after));
  const page = left.slice(0, limit);
  ctx.body = {
    results: page.map(([peer, labels]) => renderPeer(state, actor.portalId, pair, peer, labels)),
    ...(left.length > limit && { paging: { next: { after: page.at(-1)?.[0] } } }),
  };
}

function putDefault(state: HubspotState, ctx: PairContext): void {
  const { actor, pair } = openPair(state, ctx, 'write');
  const [from, to] = [ctx.params['id'] ?? '', ctx.params['toId'] ?? ''];
  const error = associate(state, actor, pair, from, to, []);
  if (error) throw error;
  answerBatch(ctx, state.context.clock.now_ms(), 200, renderDefault(state, pair, from, to));
}

function putLabels(state: HubspotState, ctx: PairContext): void {
  const { actor, pair } = openPair(state, ctx, 'write');
  const types = readBody(ctx, z.array(associationSpec).min(1));
  const [from, to] = [ctx.params['id'] ?? '', ctx.params['toId'] ?? ''];
  const error = associate(state, actor, pair, from, to, types);
  if (error) throw error;
  ctx.status = 201;
  ctx.body = renderPair(state, actor, pair, from, to, types);
}

function removeAll(state: HubspotState, ctx: PairContext): void {
  const { actor, pair } = openPair(state, ctx, 'write');
  state.associate.remove(actor, pair, ctx.params['id'] ?? '', ctx.params['toId'] ?? '');
  ctx.status = 204;
}
