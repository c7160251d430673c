import type Koa from 'koa';
import { z } from 'zod';
import type { Actor } from './actor.ts';
import { requireScope } from './authentication.ts';
import { notFound, validationError } from './errors.ts';
import { actorOf } from './http.ts';
import type { ObjectType } from './object-types.ts';
import type { CrmRecord } from './record.ts';
import type { HubspotState } from './state.ts';

/** Property values as sent. HubSpot's JSON reader takes numbers and booleans as their text; null and '' both clear. */
export const propertyValues = z.record(
  z.string(),
  z.union([z.string(), z.number(), z.boolean(), z.null()]).transform((value) => (value === null ? '' : String(value))),
);

/** An id in a body: HubSpot takes numbers too. */
export const idText = z.union([z.string().min(1), z.int()]).transform(String);

/** The kind of object a path names, in the caller's portal; 400 as HubSpot words it where there is none. */
export function typeNamed(state: HubspotState, portalId: number, named: string): ObjectType {
  const type = state.portals.findType(portalId, named);
  if (!type) throw validationError(`Unable to infer object type from: ${named}`);
  return type;
}

/** Who calls and for which kind of object, with the scope that the call needs. */
export function openObjects(
  state: HubspotState,
  ctx: Koa.Context & { params: Record<string, string> },
  access: 'read' | 'write',
): { actor: Actor; type: ObjectType } {
  const actor = actorOf(ctx);
  const type = typeNamed(state, actor.portalId, ctx.params['type'] ?? '');
  requireScope(actor, [`crm.objects.${type.scope}.${access}`]);
  return { actor, type };
}

/**
 * A record by id, or by a unique property when `idProperty` names one. A merged-away id gives its survivor.
 * Undefined where there is none, or where it is archived and `archived` was not asked (and the reverse).
 */
export function find(
  state: HubspotState,
  portalId: number,
  type: ObjectType,
  id: string,
  options: { idProperty?: string | undefined; archived?: boolean } = {},
): CrmRecord | undefined {
  let key: string | undefined = id;
  if (options.idProperty !== undefined && options.idProperty !== 'hs_object_id') {
    requireUnique(state, portalId, type, options.idProperty);
    key = state.records.findUnique(portalId, type.typeId, options.idProperty, id);
  }
  let found = key === undefined ? undefined : state.records.get(portalId, type.typeId, key);
  while (found?.mergedInto !== undefined) found = state.records.get(portalId, type.typeId, found.mergedInto);
  return found && (found.archivedAt_ms !== undefined) === (options.archived ?? false) ? found : undefined;
}

export function mustFind(...search: Parameters<typeof find>): CrmRecord {
  const found = find(...search);
  if (!found) throw notFound();
  return found;
}

/** 400 unless the property exists and has unique values. */
export function requireUnique(state: HubspotState, portalId: number, type: ObjectType, property: string): void {
  if (state.properties.get(portalId, type, property)?.hasUniqueValue) return;
  throw validationError(`Property "${property}" is not a unique identifier property of ${type.name}`);
}
