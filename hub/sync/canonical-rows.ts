import type { Fields, VendorFields, VendorValue } from '../../protocol/fields.ts';
import type { FieldMapping } from '../../protocol/mapping.ts';
import type { Installation, Kind } from '../../protocol/nouns.ts';
import type { Held, Mapper } from '../../protocol/ports/mapper.ts';
import type { TenantTx } from '../../protocol/ports/store.ts';
import { sideFieldName } from '../../protocol/side-field-name.ts';
import { objectFor, sideOf } from './sides.ts';

export interface CanonicalRow {
  fields: Fields;
  held: Held[];
  facts: Record<string, string | null>;
}

/** Vendor rows in canonical form, with references resolved through the links of the installation in one query per kind. */
export async function canonicalRows(
  mapper: Mapper,
  tx: TenantTx,
  installation: Installation,
  about: { kind: Kind; object: string },
  rows: readonly VendorFields[],
): Promise<CanonicalRow[]> {
  const references = mapper.mappings.kinds[about.kind].fields.filter((field) => field.to !== null);
  const resolved = new Map<Kind, Map<string, string>>();
  for (const to of new Set(references.map((field) => field.to as Kind))) {
    const object = objectFor(mapper, to, installation)?.object;
    const ids = references
      .filter((field) => field.to === to)
      .flatMap((field) => rows.flatMap((row) => externalIds(row, field, installation, about.object)));
    if (object === undefined || ids.length === 0) continue;
    const links = await tx.linksByExternalId(installation.id, object, [...new Set(ids)]);
    resolved.set(
      to,
      new Map(links.filter((link) => link.state !== 'retired').map((link) => [String(link.externalId), link.recordId])),
    );
  }
  const side = sideOf(installation, about);
  return rows.map((row) => mapper.toCanonical(side, row, (to, externalId) => resolved.get(to)?.get(externalId)));
}

function externalIds(row: VendorFields, field: FieldMapping, installation: Installation, object: string): string[] {
  const name = sideFieldName(field.sides[installation.vendor], object);
  const value: VendorValue | undefined = name === undefined ? undefined : row[name];
  if (value === undefined || value === null || value === '') return [];
  return Array.isArray(value) ? [...(value as readonly string[])] : [String(value)];
}
