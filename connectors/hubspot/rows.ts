import { z } from 'zod';
import type { VendorFields } from '../../protocol/fields.ts';
import type { VendorRow } from '../../protocol/vendor-event.ts';
import { associationField, type ObjectType } from './object-types.ts';

/** `SimplePublicObject` of HubSpot's OpenAPI files. */
export const hubspotObject = z.looseObject({
  id: z.string(),
  properties: z.record(z.string(), z.string().nullish()),
  updatedAt: z.string(),
  archived: z.boolean().optional(),
  objectWriteTraceId: z.string().optional(),
});
export type HubspotObject = z.infer<typeof hubspotObject>;

/** An entry of `errors` in a 207, kept whole for the error family. */
export const entries = z.array(z.looseObject({ context: z.record(z.string(), z.array(z.string())).optional() }));

/** Which records ended in this one; contacts have the second, too, as `id:milliseconds` (HubSpot docs: default properties). */
export const mergeProperties = ['hs_merged_object_ids', 'hs_calculated_merged_vids'] as const;

export function properties(fields: readonly string[]): string[] {
  return fields.filter((field) => associationField(field) === undefined);
}

/**
 * A row of the properties asked for. A property that HubSpot leaves out was not readable and stays absent; an empty one
 * comes as null. HubSpot's reads do not say who last changed a row.
 */
export function toRow(found: HubspotObject, type: ObjectType, fields: readonly string[]): VendorRow {
  const kept: Record<string, VendorFields[string]> = {};
  for (const field of properties(fields)) {
    const value = found.properties[field];
    if (value !== undefined) kept[field] = value === '' ? null : value;
  }
  const named = mergeProperties.flatMap((name) => (found.properties[name] ?? '').split(';'));
  const ids = named.map((one) => one.split(':')[0] ?? '').filter((id) => id !== '' && id !== found.id);
  const merged = [...new Set(ids)];
  return {
    externalId: found.id,
    fields: kept,
    stamp_ms: stampOf(found, type),
    archived: found.archived ?? false,
    author: { kind: 'unknown', userId: null },
    ...(merged.length > 0 && { mergedFrom: merged }),
  };
}

/** The time of the last change, in ms. */
export function stampOf(found: HubspotObject, type: ObjectType): number {
  const stamp_ms = Date.parse(found.properties[type.modifiedProperty] ?? found.updatedAt);
  return Number.isNaN(stamp_ms) ? Date.parse(found.updatedAt) : stamp_ms;
}
