import { Router } from '@koa/router';
import type Koa from 'koa';
import { z } from 'zod';
import type { Actor } from './actor.ts';
import { requireScope } from './authentication.ts';
import { answerBatch } from './batch-answer.ts';
import { HubspotError, notFound, validationError } from './errors.ts';
import { actorOf, checkVersion, flag, readBody, readQuery } from './http.ts';
import { typeNamed } from './object-request.ts';
import type { ObjectType } from './object-types.ts';
import { property, renderProperty, type PropertyDefinition } from './property-definition.ts';
import type { HubspotState } from './state.ts';

type TypeContext = Koa.Context & { params: Record<string, string> };

const option = z.strictObject({
  label: z.string().min(1),
  value: z.string(),
  displayOrder: z.int().default(-1),
  hidden: z.boolean().default(false),
  description: z.string().optional(),
});
const fieldTypes = ['booleancheckbox', 'calculation_equation', 'checkbox', 'date', 'file', 'html', 'number'] as const;
const moreFieldTypes = ['phonenumber', 'radio', 'select', 'text', 'textarea'] as const;
const types = ['bool', 'date', 'datetime', 'enumeration', 'number', 'phone_number', 'string'] as const;
const changeable = {
  label: z.string().min(1),
  type: z.enum(types),
  fieldType: z.enum([...fieldTypes, ...moreFieldTypes]),
  groupName: z.string().min(1),
  description: z.string(),
  options: z.array(option),
  displayOrder: z.int(),
  hidden: z.boolean(),
  formField: z.boolean(),
};
const shape = z.strictObject(changeable);
const createBody = shape
  .partial({ description: true, options: true, displayOrder: true, hidden: true, formField: true })
  .extend({
    name: z.string().regex(/^[a-z][a-z0-9_]*$/, 'must be lower case letters, digits and underscores'),
    hasUniqueValue: z.boolean().optional(),
    externalOptions: z.boolean().optional(),
    referencedObjectType: z.string().optional(),
    dataSensitivity: z.enum(['non_sensitive', 'sensitive', 'highly_sensitive']).optional(),
  });
const updateBody = shape.partial();
const readQueryShape = z.strictObject({
  archived: flag,
  properties: z.string().optional(),
  locale: z.string().optional(),
  dataSensitivity: z.enum(['non_sensitive', 'sensitive', 'highly_sensitive']).optional(),
});
const names = z
  .array(z.strictObject({ name: z.string() }))
  .min(1)
  .max(100);
const batchReadBody = z.strictObject({
  inputs: names,
  archived: z.boolean().default(false),
  dataSensitivity: z.enum(['non_sensitive', 'sensitive', 'highly_sensitive']).optional(),
});
const batchCreateBody = z.strictObject({ inputs: z.array(createBody).min(1).max(100) });

/** HubSpot docs, properties: up to ten properties with unique values for each kind of object (`email` and the like aside). */
const mostUnique = 10;

/** `/crm/properties/{version}/{type}` (OpenAPI properties.json). */
export function propertiesRouter(state: HubspotState): Router {
  const router = new Router();
  router.param('version', checkVersion);
  const base = '/crm/properties/:version/:type';
  router.get(base, (ctx) => listAll(state, ctx));
  router.post(base, (ctx) => createOne(state, ctx));
  router.post(`${base}/batch/read`, (ctx) => batchRead(state, ctx));
  router.post(`${base}/batch/create`, (ctx) => batchCreate(state, ctx));
  router.get(`${base}/:name`, (ctx) => getOne(state, ctx));
  router.patch(`${base}/:name`, (ctx) => updateOne(state, ctx));
  router.delete(`${base}/:name`, (ctx) => archiveOne(state, ctx));
  return router;
}

/** Who calls and for which kind of object, with the scope that definitions need. */
export function openProperties(
  state: HubspotState,
  ctx: TypeContext,
  access: 'read' | 'write',
): { actor: Actor; type: ObjectType } {
  const actor = actorOf(ctx);
  const type = typeNamed(state, actor.portalId, ctx.params['type'] ?? '');
  // Reading definitions is also open to an app that may read the records.
  const also = access === 'read' ? [`crm.objects.${type.scope}.read`] : [];
  requireScope(actor, [`crm.schemas.${type.scope}.${access}`, ...also]);
  return { actor, type };
}

function named(state: HubspotState, portalId: number, type: ObjectType, name: string): PropertyDefinition {
  const found = state.properties.get(portalId, type, name);
  if (!found) throw notFound(`Property ${name} does not exist`, { propertyName: [name] });
  return found;
}

function listAll(state: HubspotState, ctx: TypeContext): void {
  const { actor, type } = openProperties(state, ctx, 'read');
  const { archived } = readQuery(ctx, readQueryShape);
  const all = [...state.properties.of(actor.portalId, type).values()];
  ctx.body = { results: all.filter((one) => (one.archivedAt_ms !== undefined) === archived).map(renderProperty) };
}

function getOne(state: HubspotState, ctx: TypeContext): void {
  const { actor, type } = openProperties(state, ctx, 'read');
  readQuery(ctx, readQueryShape);
  ctx.body = renderProperty(named(state, actor.portalId, type, ctx.params['name'] ?? ''));
}

function createOne(state: HubspotState, ctx: TypeContext): void {
  const { actor, type } = openProperties(state, ctx, 'write');
  ctx.body = renderProperty(create(state, actor.portalId, type, readBody(ctx, createBody)));
  ctx.status = 201;
}

/** Creating an archived name again restores it. `hasUniqueValue` is fixed here for good. */
function create(
  state: HubspotState,
  portalId: number,
  type: ObjectType,
  { dataSensitivity: _plain, ...given }: z.infer<typeof createBody>,
): PropertyDefinition {
  if (state.properties.get(portalId, type, given.name)) {
    const message = `A property named '${given.name}' already exists.`;
    throw new HubspotError(409, 'OBJECT_ALREADY_EXISTS', message, { subCategory: 'Properties.PROPERTY_EXISTS' });
  }
  if (!state.groups.get(portalId, type, given.groupName)) {
    throw validationError(`Property group ${given.groupName} does not exist`);
  }
  const own = [...state.properties.of(portalId, type).values()].filter((one) => !one.hubspotDefined);
  const unique = own.filter((one) => one.hasUniqueValue && one.archivedAt_ms === undefined);
  if (given.hasUniqueValue && unique.length >= mostUnique) {
    throw validationError(`Cannot create more than ${mostUnique} properties with unique values for ${type.name}`);
  }
  if (given.hasUniqueValue && !['string', 'number'].includes(given.type)) {
    throw validationError(`Property of type ${given.type} cannot have unique values`);
  }
  const now_ms = state.context.clock.now_ms();
  const { name, type: kind, groupName, ...rest } = given;
  const created = property(name, kind, groupName, {
    ...dropUndefined(rest),
    hubspotDefined: false,
    createdAt_ms: now_ms,
    updatedAt_ms: now_ms,
  });
  state.properties.put(portalId, type, created);
  return created;
}

function dropUndefined<T extends object>(given: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const kept = Object.entries(given).filter(([, value]) => value !== undefined);
  return Object.fromEntries(kept) as { [K in keyof T]: Exclude<T[K], undefined> };
}

/** `options` replaces the whole list. */
function updateOne(state: HubspotState, ctx: TypeContext): void {
  const { actor, type } = openProperties(state, ctx, 'write');
  const before = named(state, actor.portalId, type, ctx.params['name'] ?? '');
  const given = dropUndefined(readBody(ctx, updateBody));
  if (before.hubspotDefined)
    throw validationError(`Property ${before.name} is defined by HubSpot and cannot be changed`);
  const after = { ...before, ...given, updatedAt_ms: state.context.clock.now_ms() };
  state.properties.put(actor.portalId, type, after);
  ctx.body = renderProperty(after);
}

function archiveOne(state: HubspotState, ctx: TypeContext): void {
  const { actor, type } = openProperties(state, ctx, 'write');
  const before = named(state, actor.portalId, type, ctx.params['name'] ?? '');
  if (before.hubspotDefined)
    throw validationError(`Property ${before.name} is defined by HubSpot and cannot be archived`);
  state.properties.put(actor.portalId, type, { ...before, archivedAt_ms: state.context.clock.now_ms() });
  ctx.status = 204;
}

function batchRead(state: HubspotState, ctx: TypeContext): void {
  const { actor, type } = openProperties(state, ctx, 'read');
  const { inputs, archived } = readBody(ctx, batchReadBody);
  const results: unknown[] = [];
  const errors: unknown[] = [];
  for (const { name } of inputs) {
    const found = state.properties.of(actor.portalId, type).get(name);
    if (found && (found.archivedAt_ms !== undefined) === archived) results.push(renderProperty(found));
    else errors.push(notFound(`Property ${name} does not exist`).standard({ name: [name] }));
  }
  answerBatch(ctx, state.context.clock.now_ms(), 200, results, errors);
}

function batchCreate(state: HubspotState, ctx: TypeContext): void {
  const { actor, type } = openProperties(state, ctx, 'write');
  const { inputs } = readBody(ctx, batchCreateBody);
  const results: unknown[] = [];
  const errors: unknown[] = [];
  for (const input of inputs) {
    try {
      results.push(renderProperty(create(state, actor.portalId, type, input)));
    } catch (error) {
      if (!(error instanceof HubspotError)) throw error;
      errors.push(error.standard({ name: [input.name] }));
    }
  }
  answerBatch(ctx, state.context.clock.now_ms(), 201, results, errors);
}
