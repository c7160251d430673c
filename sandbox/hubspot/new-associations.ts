import { z } from 'zod';
import type { Actor } from './actor.ts';
import type { AssociationLabel } from './association-types.ts';
import { validationError } from './errors.ts';
import { idText } from './object-request.ts';
import type { ObjectType } from './object-types.ts';
import type { CrmRecord } from './record.ts';
import type { HubspotState } from './state.ts';

export const associationSpec = z
  .strictObject({
    associationCategory: z.enum(['HUBSPOT_DEFINED', 'USER_DEFINED', 'INTEGRATOR_DEFINED', 'WORK']),
    associationTypeId: z.int(),
  })
  .transform(({ associationCategory, associationTypeId }): AssociationLabel => {
    return { category: associationCategory as AssociationLabel['category'], typeId: associationTypeId };
  });

/** `associations` of a create: the other record, and the types of the pair. */
export const associationsForCreate = z
  .array(z.strictObject({ to: z.strictObject({ id: idText }), types: z.array(associationSpec).min(1) }))
  .default([]);

export type NewAssociations = z.infer<typeof associationsForCreate>;

/** Checks the associations a create asks for, before anything is written. */
export function checkNewAssociations(
  state: HubspotState,
  actor: Actor,
  type: ObjectType,
  asked: NewAssociations,
): void {
  for (const one of asked) targetOf(state, actor, type, one);
}

export function addAssociations(
  state: HubspotState,
  actor: Actor,
  type: ObjectType,
  record: CrmRecord,
  asked: NewAssociations,
): void {
  for (const one of asked) {
    state.associate.add(actor, { from: type, to: targetOf(state, actor, type, one) }, record.id, one.to.id, one.types);
  }
}

/** A create names association types, not the kind of the other record: the types say which kind it is. */
function targetOf(state: HubspotState, actor: Actor, from: ObjectType, one: NewAssociations[number]): ObjectType {
  const to = state.portals.types(actor.portalId).find((kind) => {
    return one.types.every((label) => state.associate.knows(actor.portalId, { from, to: kind }, label));
  });
  if (!to) throw validationError(`invalid association types for ${from.name}: ${JSON.stringify(one.types)}`);
  const peer = state.records.get(actor.portalId, to.typeId, one.to.id);
  if (!peer || peer.archivedAt_ms !== undefined) {
    throw validationError(`Associations are not valid: no ${to.singular} with ID ${one.to.id} exists`);
  }
  return to;
}
