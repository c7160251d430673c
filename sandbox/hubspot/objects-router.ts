import { Router } from '@koa/router';
import type Koa from 'koa';
import { z } from 'zod';
import type { Actor } from './actor.ts';
import { requireScope } from './authentication.ts';
import { validationError } from './errors.ts';
import { checkVersion, flag, limitUpTo, list, readBody, readQuery } from './http.ts';
import { mergeRecords } from './merge-records.ts';
import { addAssociations, associationsForCreate, checkNewAssociations } from './new-associations.ts';
import { find, idText, mustFind, openObjects, propertyValues, typeNamed } from './object-request.ts';
import { contacts, type ObjectType } from './object-types.ts';
import { renderRecord } from './record-view.ts';
import type { HubspotState } from './state.ts';

type ObjectContext = Koa.Context & { params: Record<string, string> };

const selection = {
  properties: list,
  propertiesWithHistory: list,
  associations: list,
  archived: flag,
};
const readOne = z.strictObject({ ...selection, idProperty: z.string().optional() });
const readMany = z.strictObject({
  ...selection,
  after: z.string().regex(/^\d+$/).optional(),
  limit: limitUpTo(100, 10),
});
const createBody = z.strictObject({ properties: propertyValues, associations: associationsForCreate });
const updateBody = z.strictObject({ properties: propertyValues });
const updateQuery = z.strictObject({ idProperty: z.string().optional() });
const mergeBody = z.strictObject({ primaryObjectId: idText, objectIdToMerge: idText });
const gdprBody = z.strictObject({ objectId: idText, idProperty: z.string().optional() });

/** Single records: `/crm/objects/{version}/{type}` (OpenAPI contacts.json, objects.json). */
export function objectsRouter(state: HubspotState): Router {
  const router = new Router();
  router.param('version', checkVersion);
  const base = '/crm/objects/:version/:type';
  router.get(base, (ctx) => listObjects(state, ctx));
  router.post(base, (ctx) => createObject(state, ctx));
  router.post(`${base}/merge`, (ctx) => mergeObjects(state, ctx));
  router.post(`${base}/gdpr-delete`, (ctx) => forgetContact(state, ctx));
  router.get(`${base}/:id`, (ctx) => getObject(state, ctx));
  router.patch(`${base}/:id`, (ctx) => updateObject(state, ctx));
  router.delete(`${base}/:id`, (ctx) => archiveObject(state, ctx));
  return router;
}

function kinds(state: HubspotState, actor: Actor, names: readonly string[]): ObjectType[] {
  return names.map((name) => typeNamed(state, actor.portalId, name));
}

function listObjects(state: HubspotState, ctx: ObjectContext): void {
  const { actor, type } = openObjects(state, ctx, 'read');
  const query = readQuery(ctx, readMany);
  const limit = query.propertiesWithHistory.length > 0 ? Math.min(query.limit, 50) : query.limit;
  const found = state.records.page(actor.portalId, type.typeId, query.after, limit + 1, query.archived);
  const page = found.slice(0, limit);
  const last = page.at(-1);
  const shown = {
    properties: query.properties,
    history: query.propertiesWithHistory,
    associations: kinds(state, actor, query.associations),
  };
  ctx.body = {
    results: page.map((record) => renderRecord(state, type, record, shown)),
    ...(found.length > limit && last && { paging: { next: { after: last.id, link: nextLink(ctx, last.id) } } }),
  };
}

function nextLink(ctx: Koa.Context, after: string): string {
  const link = new URL(ctx.href);
  link.searchParams.set('after', after);
  return link.toString();
}

function getObject(state: HubspotState, ctx: ObjectContext): void {
  const { actor, type } = openObjects(state, ctx, 'read');
  const query = readQuery(ctx, readOne);
  const record = mustFind(state, actor.portalId, type, ctx.params['id'] ?? '', query);
  ctx.body = renderRecord(state, type, record, {
    properties: query.properties,
    history: query.propertiesWithHistory,
    associations: kinds(state, actor, query.associations),
  });
}

function createObject(state: HubspotState, ctx: ObjectContext): void {
  const { actor, type } = openObjects(state, ctx, 'write');
  const { properties, associations } = readBody(ctx, createBody);
  checkNewAssociations(state, actor, type, associations);
  const record = state.write.commit(actor, state.write.plan(actor, type, undefined, properties, new Set()));
  addAssociations(state, actor, type, record, associations);
  ctx.status = 201;
  ctx.body = renderRecord(state, type, record, { properties: Object.keys(record.properties) });
}

function updateObject(state: HubspotState, ctx: ObjectContext): void {
  const { actor, type } = openObjects(state, ctx, 'write');
  const { idProperty } = readQuery(ctx, updateQuery);
  const { properties } = readBody(ctx, updateBody);
  const before = mustFind(state, actor.portalId, type, ctx.params['id'] ?? '', { idProperty });
  const record = state.write.commit(actor, state.write.plan(actor, type, before, properties, new Set()));
  ctx.body = renderRecord(state, type, record, { properties: Object.keys(properties) });
}

/** Archiving what is not there answers 204 too. */
function archiveObject(state: HubspotState, ctx: ObjectContext): void {
  const { actor, type } = openObjects(state, ctx, 'write');
  const record = find(state, actor.portalId, type, ctx.params['id'] ?? '');
  if (record) state.write.archive(actor, type, record);
  ctx.status = 204;
}

/** Answers with the record that the merge made. */
function mergeObjects(state: HubspotState, ctx: ObjectContext): void {
  const { actor, type } = openObjects(state, ctx, 'write');
  const body = readBody(ctx, mergeBody);
  const primary = mustFind(state, actor.portalId, type, body.primaryObjectId);
  const secondary = mustFind(state, actor.portalId, type, body.objectIdToMerge);
  ctx.body = renderRecord(state, type, mergeRecords(state, actor, type, primary, secondary));
}

function forgetContact(state: HubspotState, ctx: ObjectContext): void {
  const { actor, type } = openObjects(state, ctx, 'write');
  if (type.typeId !== contacts.typeId) throw validationError('GDPR delete is for contacts only');
  requireScope(actor, ['crm.objects.contacts.write']);
  const { objectId, idProperty } = readBody(ctx, gdprBody);
  const record =
    find(state, actor.portalId, type, objectId, { idProperty }) ??
    find(state, actor.portalId, type, objectId, { archived: true });
  if (record) state.write.forget(actor, type, record);
  ctx.status = 204;
}
