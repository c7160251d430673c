import { Router } from '@koa/router';
import { z } from 'zod';
import type Koa from 'koa';
import { requireScope } from './authentication.ts';
import { notFound } from './errors.ts';
import { actorOf, checkVersion, flag, limitUpTo, readQuery } from './http.ts';
import { typeNamed } from './object-request.ts';
import type { ObjectType } from './object-types.ts';
import { pipelines, renderPipeline, renderStage } from './pipelines.ts';
import type { Owner } from './portal.ts';
import { renderProperty } from './property-definition.ts';
import { instant } from './property-values.ts';
import type { HubspotState } from './state.ts';

type AnyContext = Koa.Context & { params: Record<string, string> };

const ownersQuery = z.strictObject({
  email: z.string().optional(),
  after: z.string().optional(),
  limit: limitUpTo(500, 100),
  archived: flag,
});
const ownerQuery = z.strictObject({ idProperty: z.enum(['id', 'userId']).default('id'), archived: flag });
const schemaQuery = z.strictObject({
  archived: flag,
  includeAssociationDefinitions: flag,
  includeAuditMetadata: flag,
  includePropertyDefinitions: flag,
});

/** What an app asks about an account: its people, pipelines, custom schemas, details; and the app's own uninstall. */
export function accountRouter(state: HubspotState): Router {
  const router = new Router();
  router.param('version', checkVersion);
  router.get('/crm/owners/:version', (ctx) => listOwners(state, ctx));
  router.get('/crm/owners/:version/:id', (ctx) => getOwner(state, ctx));
  router.get('/crm/pipelines/:version/:type', (ctx) => listPipelines(state, ctx));
  router.get('/crm/pipelines/:version/:type/:id', (ctx) => {
    const { pipeline, order } = pipelineNamed(state, ctx);
    ctx.body = renderPipeline(pipeline, order);
  });
  router.get('/crm/pipelines/:version/:type/:id/stages', (ctx) => {
    ctx.body = { results: pipelineNamed(state, ctx).pipeline.stages.map(renderStage) };
  });
  router.get('/crm-object-schemas/:version/schemas', (ctx) => {
    const actor = actorOf(ctx);
    requireScope(actor, ['crm.schemas.custom.read']);
    const { archived } = readQuery(ctx, schemaQuery);
    const custom = state.portals.types(actor.portalId).filter((type) => type.custom && !archived);
    ctx.body = { results: custom.map((type) => renderSchema(state, actor.portalId, type)) };
  });
  router.get('/crm-object-schemas/:version/schemas/:type', (ctx) => {
    const actor = actorOf(ctx);
    requireScope(actor, ['crm.schemas.custom.read']);
    readQuery(ctx, schemaQuery);
    ctx.body = renderSchema(state, actor.portalId, typeNamed(state, actor.portalId, ctx.params['type'] ?? ''));
  });
  router.get('/account-info/:version/details', (ctx) => {
    ctx.body = renderAccount(actorOf(ctx).portalId);
  });
  router.delete('/appinstalls/:version/external-install', (ctx) => {
    const { portalId } = actorOf(ctx);
    const portal = state.portals.get(portalId);
    if (portal) state.portals.put({ ...portal, installed: false });
    state.tokens.revoke((grant) => grant.portalId === portalId, true);
    ctx.status = 204;
  });
  return router;
}

/** The `PublicOwner` schema. */
function renderOwner(owner: Owner): Record<string, unknown> {
  return {
    id: owner.id,
    email: owner.email,
    firstName: owner.firstName,
    lastName: owner.lastName,
    type: 'PERSON',
    userId: owner.userId,
    userIdIncludingInactive: owner.userId,
    createdAt: instant(owner.createdAt_ms),
    updatedAt: instant(owner.createdAt_ms),
    archived: false,
  };
}

function listOwners(state: HubspotState, ctx: AnyContext): void {
  const actor = actorOf(ctx);
  requireScope(actor, ['crm.objects.owners.read']);
  const query = readQuery(ctx, ownersQuery);
  const live = query.archived ? [] : state.portals.owners(actor.portalId);
  const left = live
    .filter((owner) => query.email === undefined || owner.email === query.email.toLowerCase())
    .filter((owner) => query.after === undefined || Number(owner.id) > Number(query.after));
  const page = left.slice(0, query.limit);
  ctx.body = {
    results: page.map(renderOwner),
    ...(left.length > query.limit && { paging: { next: { after: page.at(-1)?.id } } }),
  };
}

function getOwner(state: HubspotState, ctx: AnyContext): void {
  const actor = actorOf(ctx);
  requireScope(actor, ['crm.objects.owners.read']);
  const { idProperty } = readQuery(ctx, ownerQuery);
  const found = state.portals
    .owners(actor.portalId)
    .find((owner) => String(idProperty === 'id' ? owner.id : owner.userId) === ctx.params['id']);
  if (!found) throw notFound();
  ctx.body = renderOwner(found);
}

function openPipelines(state: HubspotState, ctx: AnyContext): typeof pipelines {
  const actor = actorOf(ctx);
  const type = typeNamed(state, actor.portalId, ctx.params['type'] ?? '');
  requireScope(actor, [`crm.schemas.${type.scope}.read`, `crm.objects.${type.scope}.read`]);
  return type.name === 'deals' ? pipelines : [];
}

function listPipelines(state: HubspotState, ctx: AnyContext): void {
  ctx.body = { results: openPipelines(state, ctx).map(renderPipeline) };
}

function pipelineNamed(state: HubspotState, ctx: AnyContext): { pipeline: (typeof pipelines)[number]; order: number } {
  const all = openPipelines(state, ctx);
  const order = all.findIndex((one) => one.id === ctx.params['id']);
  const pipeline = all[order];
  if (!pipeline) throw notFound();
  return { pipeline, order };
}

/** The `ObjectSchema` schema. */
function renderSchema(state: HubspotState, portalId: number, type: ObjectType): Record<string, unknown> {
  const label = type.singular.replaceAll('_', ' ');
  return {
    id: type.typeId.split('-')[1],
    objectTypeId: type.typeId,
    name: type.custom ? type.singular : type.name,
    fullyQualifiedName: type.name,
    labels: { singular: label, plural: type.custom ? `${label} reports` : type.name },
    primaryDisplayProperty: type.defaultProperties[0] ?? null,
    requiredProperties: type.requiredProperties,
    searchableProperties: type.custom ? ['title'] : [],
    secondaryDisplayProperties: [],
    allowsSensitiveProperties: false,
    archived: false,
    associations: [],
    properties: [...state.properties.of(portalId, type).values()]
      .filter((one) => one.archivedAt_ms === undefined)
      .map(renderProperty),
  };
}

/** The `PortalInformationResponse` schema. */
function renderAccount(portalId: number): Record<string, unknown> {
  return {
    portalId,
    accountType: 'STANDARD',
    timeZone: 'Europe/Berlin',
    utcOffset: '+01:00',
    utcOffsetMilliseconds: 3_600_000,
    companyCurrency: 'EUR',
    additionalCurrencies: ['USD', 'GBP', 'CHF'],
    uiDomain: 'app.hubspot.com',
    dataHostingLocation: 'eu1',
  };
}
