import type { Parked } from '../../protocol/nouns.ts';
import type { TenantTx } from '../../protocol/ports/store.ts';
import { recordNames } from './record-names.ts';

/** What waits, as the operator is shown it. Names may be people's: they belong into the answer and into no log. */
export interface ParkedShown extends Pick<
  Parked,
  'id' | 'installationId' | 'object' | 'externalId' | 'field' | 'cause' | 'detail' | 'remedy'
> {
  /** What the row's record is called; null where no record is linked, or it has no name. */
  name: string | null;
  /** For an unlinked row that waits for a person: what the records are called that it may be. */
  candidates: string[];
  /** The row or record that it waits for: by the vendor's object and id, or by kind and our id. */
  waitsFor: { object: string; id: string; name: string | null } | null;
  /** Trying it again can change something; else it follows by itself, or by what the remedy says. */
  canRetry: boolean;
}

/** A page of what is parked, in the order of ids after `after`. */
export async function readParked(tx: TenantTx, after: string, limit: number): Promise<ParkedShown[]> {
  const entries = await tx.parkedEntries(after, limit);
  const names = await recordNames(
    tx,
    entries.flatMap((entry) => [entry.recordId ?? [], candidatesIn(entry), parentIn(entry) ?? []].flat()),
  );
  const nameOf = (recordId: string): string | null => names.get(recordId) || null;
  return entries.map((entry) => {
    const { id, installationId, object, externalId, recordId, field, cause, detail, remedy } = entry;
    return {
      id,
      installationId,
      object,
      externalId,
      field,
      cause,
      detail,
      remedy,
      name: recordId === null ? null : nameOf(recordId),
      candidates: candidatesIn(entry).flatMap((one) => nameOf(one) ?? []),
      waitsFor: waitsFor(entry, nameOf),
      canRetry: canRetry(entry),
    };
  });
}

function candidatesIn({ cause, recordId, detail }: Parked): string[] {
  return cause === 'ambiguous_match' && recordId === null ? detail.split(' ').filter(Boolean) : [];
}

/** Our id of the record that a field waits for: the value that could not be written yet. */
function parentIn({ cause, waitsFor, value }: Parked): string | undefined {
  return cause === 'missing_parent' && waitsFor === null && typeof value === 'string' ? value : undefined;
}

function waitsFor(entry: Parked, nameOf: (recordId: string) => string | null): ParkedShown['waitsFor'] {
  if (entry.cause !== 'missing_parent') return null;
  const parent = parentIn(entry);
  if (parent !== undefined) return { object: entry.field ?? '', id: parent, name: nameOf(parent) };
  if (entry.waitsFor === null) return null;
  const end = entry.waitsFor.lastIndexOf(':');
  return { object: entry.waitsFor.slice(0, end), id: entry.waitsFor.slice(end + 1), name: null };
}

/** A parent is looked for without being asked, and mass deletions are another command's. */
function canRetry({ cause, externalId, recordId }: Parked): boolean {
  return cause !== 'missing_parent' && cause !== 'mass_delete' && (externalId !== null || recordId !== null);
}
