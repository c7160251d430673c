import type { Kind, StoredRecord } from '../../protocol/nouns.ts';
import type { Mapper } from '../../protocol/ports/mapper.ts';
import type { TenantTx } from '../../protocol/ports/store.ts';

const refersTo = (recordId: string): string => `refers=${recordId}`;

/** What a record is stored with, so that it is found: by its match values, and by every record that it refers to. */
export function withKeys(mapper: Mapper, record: StoredRecord): { record: StoredRecord; matchKeys: string[] } {
  const references = mapper.mappings.kinds[record.kind].fields.filter((field) => field.to !== null);
  const ids = references.flatMap(({ name }) => [record.fields[name] ?? []].flat().map(String));
  return { record, matchKeys: [...mapper.matchKeys(record.kind, record.fields).flat(), ...ids.map(refersTo)] };
}

/** The live records that refer to one of these, which are of one kind. */
export async function recordsReferringTo(
  mapper: Mapper,
  tx: TenantTx,
  kind: Kind,
  ids: readonly string[],
): Promise<string[]> {
  const kinds = Object.values(mapper.mappings.kinds).filter(({ fields }) => fields.some((field) => field.to === kind));
  const found = new Set<string>();
  for (const one of kinds)
    for (const { recordId } of await tx.recordsByMatchKey(one.kind, ids.map(refersTo))) found.add(recordId);
  return [...found];
}
