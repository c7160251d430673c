import { actorName } from '../../protocol/actor-name.ts';
import type { Value } from '../../protocol/fields.ts';
import type { Cause, Change, Conflict, Kind, Parked, StoredRecord, Vendor } from '../../protocol/nouns.ts';
import type { Store } from '../../protocol/ports/store.ts';

/** Why each field of a record has its value. Instants are ISO strings. */
export interface RecordHistory {
  tenantId: string;
  recordId: string;
  kind: Kind;
  fields: FieldHistory[];
}

export interface FieldHistory {
  field: string;
  value: Value;
  /** Newest first; empty when the value is as it was first seen. */
  changes: { at: string; side: Change['side']; by: string; because: Cause['lane']; before: Value; after: Value }[];
  /** Values that lost against another, newest first; each can be restored by its id. */
  lost: {
    id: string;
    at: string;
    side: Conflict['loser'];
    value: Value;
    keptInstead: Value;
    reason: Conflict['reason'];
  }[];
  /** Why the field waits at an account. */
  parked: Pick<Parked, 'id' | 'installationId' | 'cause' | 'detail' | 'remedy'>[];
}

const mostChanges = 500;

/** The history of the record behind a row of a connected account; undefined where no record is. */
export async function readHistory(
  store: Store,
  row: { vendor: Vendor; accountId: string; object: string; externalId: string },
): Promise<RecordHistory | undefined> {
  const route = await store.route(row.vendor, row.accountId);
  if (!route) return undefined;
  return store.tenant(route.tenantId, async (tx) => {
    const [link] = await tx.linksByExternalId(route.installationId, row.object, [row.externalId]);
    const record = link && (await tx.record(link.recordId));
    if (!record) return undefined;
    const changes = await tx.changesOf(record.id, mostChanges);
    const conflicts = await tx.conflictsOf(record.id, mostChanges);
    const parked = await tx.parkedOf([record.id]);
    const fields = fieldHistories(record, changes, conflicts, parked);
    return { tenantId: route.tenantId, recordId: record.id, kind: record.kind, fields };
  });
}

function fieldHistories(
  record: StoredRecord,
  changes: readonly Change[],
  conflicts: readonly Conflict[],
  parked: readonly Parked[],
): FieldHistory[] {
  const names = [...Object.keys(record.fields), ...[...conflicts, ...parked].flatMap(({ field }) => field ?? [])];
  return [...new Set(names)].sort().map((field) => ({
    field,
    value: record.fields[field] ?? null,
    changes: changes
      .filter((one) => one.field === field)
      .map(({ at_ms, side, author, cause, before, after }) => ({
        at: new Date(at_ms).toISOString(),
        side,
        by: actorName(author),
        because: cause.lane,
        before,
        after,
      })),
    lost: conflicts
      .filter((one) => one.field === field)
      .map(({ id, at_ms, loser, lost, kept, reason }) => ({
        id,
        at: new Date(at_ms).toISOString(),
        side: loser,
        value: lost,
        keptInstead: kept,
        reason,
      })),
    parked: parked
      .filter((one) => one.field === field)
      .map(({ id, installationId, cause, detail, remedy }) => ({ id, installationId, cause, detail, remedy })),
  }));
}
