import { Router } from '@koa/router';
import type Koa from 'koa';
import { z } from 'zod';
import { answerBatch, atMost } from './batch-answer.ts';
import { HubspotError, notFound, validationError } from './errors.ts';
import { checkVersion, flag, readBody, readQuery } from './http.ts';
import { addAssociations, associationsForCreate, checkNewAssociations } from './new-associations.ts';
import { find, idText, openObjects, propertyValues, requireUnique } from './object-request.ts';
import type { ObjectType } from './object-types.ts';
import type { CrmRecord } from './record.ts';
import { renderRecord } from './record-view.ts';
import type { Plan } from './record-writer.ts';
import type { HubspotState } from './state.ts';

type BatchContext = Koa.Context & { params: Record<string, string> };

const trace = { objectWriteTraceId: z.string().optional() };
const ids = z.array(z.strictObject({ id: idText })).min(1);
const readInput = z.strictObject({
  inputs: ids,
  properties: z.array(z.string()).default([]),
  propertiesWithHistory: z.array(z.string()).default([]),
  idProperty: z.string().optional(),
});
const createInput = z.strictObject({
  inputs: z.array(z.strictObject({ properties: propertyValues, associations: associationsForCreate, ...trace })).min(1),
});
const keyed = z.strictObject({ id: idText, idProperty: z.string().optional(), properties: propertyValues, ...trace });
const keyedInput = z.strictObject({ inputs: z.array(keyed).min(1) });
const archiveInput = z.strictObject({ inputs: ids });

/** One input of a writing batch, with what came of checking it. */
interface Step {
  traceId: string | undefined;
  plan?: Plan;
  refused?: HubspotError;
  missing?: string;
}

/** `/crm/objects/{version}/{type}/batch/*` (OpenAPI contacts.json; HubSpot docs, multi-status errors). */
export function batchRouter(state: HubspotState): Router {
  const router = new Router();
  router.param('version', checkVersion);
  const base = '/crm/objects/:version/:type/batch';
  router.post(`${base}/read`, (ctx) => batchRead(state, ctx));
  router.post(`${base}/create`, (ctx) => batchCreate(state, ctx));
  router.post(`${base}/update`, (ctx) => batchUpdate(state, ctx));
  router.post(`${base}/upsert`, (ctx) => batchUpsert(state, ctx));
  router.post(`${base}/archive`, (ctx) => batchArchive(state, ctx));
  return router;
}

/** Answers are in order of id, not of input: HubSpot promises no order. Missing ids come together in one error. */
function batchRead(state: HubspotState, ctx: BatchContext): void {
  const { actor, type } = openObjects(state, ctx, 'read');
  const { archived } = readQuery(ctx, z.strictObject({ archived: flag }));
  const body = readBody(ctx, readInput);
  atMost(body.propertiesWithHistory.length > 0 ? 50 : 100, body.inputs);
  if (body.idProperty !== undefined && body.idProperty !== 'hs_object_id')
    requireUnique(state, actor.portalId, type, body.idProperty);
  const found = new Map<string, CrmRecord>();
  const missing: string[] = [];
  for (const { id } of body.inputs) {
    const record = find(state, actor.portalId, type, id, { idProperty: body.idProperty, archived });
    if (record) found.set(record.id, record);
    else missing.push(id);
  }
  const shown = { properties: body.properties, history: body.propertiesWithHistory };
  const results = inOrderOfId([...found.values()]).map((record) => renderRecord(state, type, record, shown));
  answerBatch(ctx, state.context.clock.now_ms(), 200, results, missing.length > 0 ? [notThere(type, missing)] : []);
}

function batchCreate(state: HubspotState, ctx: BatchContext): void {
  const { actor, type } = openObjects(state, ctx, 'write');
  const { inputs } = readBody(ctx, createInput);
  atMost(100, inputs);
  const claimed = new Set<string>();
  const steps = inputs.map(({ properties, associations, objectWriteTraceId }) =>
    attempt(objectWriteTraceId, () => {
      checkNewAssociations(state, actor, type, associations);
      return { plan: state.write.plan(actor, type, undefined, properties, claimed) };
    }),
  );
  const errors = partialErrors(type, steps);
  const results = steps.flatMap(({ plan, traceId }, at) => {
    if (!plan) return [];
    const record = state.write.commit(actor, plan);
    addAssociations(state, actor, type, record, inputs[at]?.associations ?? []);
    return [written(state, type, record, Object.keys(record.properties), traceId)];
  });
  answerBatch(ctx, state.context.clock.now_ms(), 201, results, errors);
}

function batchUpdate(state: HubspotState, ctx: BatchContext): void {
  const { actor, type } = openObjects(state, ctx, 'write');
  const { inputs } = readBody(ctx, keyedInput);
  atMost(100, inputs);
  refuseRepeated(inputs.map(({ id }) => id));
  const claimed = new Set<string>();
  const steps = inputs.map(({ id, idProperty, properties, objectWriteTraceId }) =>
    attempt(objectWriteTraceId, () => {
      const before = find(state, actor.portalId, type, id, { idProperty });
      return before ? { plan: state.write.plan(actor, type, before, properties, claimed) } : { missing: id };
    }),
  );
  const errors = partialErrors(type, steps);
  const results = steps.flatMap(({ plan, traceId }) =>
    plan ? [written(state, type, state.write.commit(actor, plan), Object.keys(plan.values), traceId)] : [],
  );
  answerBatch(ctx, state.context.clock.now_ms(), 200, results, errors);
}

/** Without `idProperty` the id is a record's own, which must exist. With it, a value that nobody has is created. */
function batchUpsert(state: HubspotState, ctx: BatchContext): void {
  const { actor, type } = openObjects(state, ctx, 'write');
  const { inputs } = readBody(ctx, keyedInput);
  atMost(100, inputs);
  refuseRepeated(inputs.map(({ id }) => id));
  const claimed = new Set<string>();
  const steps = inputs.map(({ id, idProperty, properties, objectWriteTraceId }) =>
    attempt(objectWriteTraceId, () => {
      const before = find(state, actor.portalId, type, id, { idProperty });
      if (!before && (idProperty === undefined || idProperty === 'hs_object_id')) return { missing: id };
      const values = before || idProperty === undefined ? properties : { ...properties, [idProperty]: id };
      return { plan: state.write.plan(actor, type, before, values, claimed) };
    }),
  );
  const errors = partialErrors(type, steps);
  const results = steps.flatMap(({ plan, traceId }) => {
    if (!plan) return [];
    const record = state.write.commit(actor, plan);
    return [{ ...written(state, type, record, Object.keys(plan.values), traceId), new: plan.before === undefined }];
  });
  answerBatch(ctx, state.context.clock.now_ms(), 200, results, errors);
}

function batchArchive(state: HubspotState, ctx: BatchContext): void {
  const { actor, type } = openObjects(state, ctx, 'write');
  const { inputs } = readBody(ctx, archiveInput);
  atMost(100, inputs);
  for (const { id } of inputs) {
    const record = find(state, actor.portalId, type, id);
    if (record) state.write.archive(actor, type, record);
  }
  ctx.status = 204;
}

function attempt(traceId: string | undefined, check: () => Omit<Step, 'traceId'>): Step {
  try {
    return { traceId, ...check() };
  } catch (error) {
    if (error instanceof HubspotError) return { traceId, refused: error };
    throw error;
  }
}

/**
 * Missing records never fail a whole batch. A refused input does, unless it carries an `objectWriteTraceId`: then it becomes an
 * entry of a 207 that names that id in its context, and the others are written.
 */
function partialErrors(type: ObjectType, steps: readonly Step[]): unknown[] {
  const untraced = steps.find((step) => step.refused && step.traceId === undefined)?.refused;
  if (untraced) throw untraced;
  const refused = steps.flatMap(({ refused, traceId }) =>
    refused && traceId !== undefined ? [refused.standard({ objectWriteTraceId: [traceId] })] : [],
  );
  const traced = steps.flatMap(({ missing, traceId }) =>
    missing !== undefined && traceId !== undefined ? [notThere(type, [missing], traceId)] : [],
  );
  const rest = steps.flatMap(({ missing, traceId }) =>
    missing !== undefined && traceId === undefined ? [missing] : [],
  );
  return [...refused, ...traced, ...(rest.length > 0 ? [notThere(type, rest)] : [])];
}

function notThere(type: ObjectType, missing: string[], traceId?: string): unknown {
  const kind = type.singular.toUpperCase();
  const message = `Could not get some ${kind} objects, they may be deleted or not exist. Check that ids are valid.`;
  return notFound(message).standard({ ids: missing, ...(traceId !== undefined && { objectWriteTraceId: [traceId] }) });
}

function refuseRepeated(given: readonly string[]): void {
  const repeated = given.filter((id, at) => given.indexOf(id) !== at);
  if (repeated.length > 0) {
    throw validationError(`Duplicate IDs found in batch input: [${repeated.join(', ')}]. IDs must be unique`);
  }
}

function written(
  state: HubspotState,
  type: ObjectType,
  record: CrmRecord,
  properties: string[],
  traceId: string | undefined,
): Record<string, unknown> {
  return {
    ...renderRecord(state, type, record, { properties }),
    ...(traceId !== undefined && { objectWriteTraceId: traceId }),
  };
}

function inOrderOfId(records: CrmRecord[]): CrmRecord[] {
  return records.sort((a, b) => Number(a.id) - Number(b.id));
}
