import { actorName } from '../../protocol/actor-name.ts';
import type { Value } from '../../protocol/fields.ts';
import type { Cause, Change, Conflict, Kind, Parked, StoredRecord } from '../../protocol/nouns.ts';
import type { Mapper } from '../../protocol/ports/mapper.ts';
import type { TenantTx } from '../../protocol/ports/store.ts';
import { personName } from './person-name.ts';
import { recordName, recordNames, textsIn } from './record-names.ts';

/** Why each field of a record has its value. Instants are ISO strings. */
export interface RecordHistory {
  tenantId: string;
  recordId: string;
  kind: Kind;
  /** Empty where it has none. */
  name: string;
  /** Every field of the kind, in alphabetical order. */
  fields: FieldHistory[];
  /** What the records are called whose ids are values of references. */
  names: Readonly<Record<string, string>>;
}

export interface FieldHistory {
  field: string;
  value: Value;
  /** Newest first; empty when the value is as it was first seen. `name`: who `by` is, where an account knows them. */
  changes: {
    at: string;
    side: Change['side'];
    by: string;
    name: string | null;
    because: Cause['lane'];
    before: Value;
    after: Value;
  }[];
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

/** The history of the record behind a row of an account; undefined where no record is. */
export async function readHistory(
  mapper: Mapper,
  tx: TenantTx,
  row: { installationId: string; object: string; externalId: string },
): Promise<Omit<RecordHistory, 'tenantId'> | undefined> {
  const [link] = await tx.linksByExternalId(row.installationId, row.object, [row.externalId]);
  const record = link && (await tx.record(link.recordId));
  if (!record) return undefined;
  const changes = await tx.changesOf(record.id, mostChanges);
  const conflicts = await tx.conflictsOf(record.id, mostChanges);
  const parked = await tx.parkedOf([record.id]);
  const installations = await tx.installations();
  const here = installations.find((one) => one.id === row.installationId);
  const people = await tx.people();
  const nameOf = (change: Change): string | null => personName(people, [here, ...installations], change) ?? null;
  const mapped = mapper.mappings.kinds[record.kind].fields;
  const fields = fieldHistories(
    record,
    mapped.map(({ name }) => name),
    { changes, conflicts, parked },
    nameOf,
  );
  const references = new Set(mapped.flatMap(({ name, to }) => (to === null ? [] : [name])));
  const ids = fields.filter(({ field }) => references.has(field)).flatMap(valuesIn);
  const names = Object.fromEntries(await recordNames(tx, ids));
  return { recordId: record.id, kind: record.kind, name: recordName(record.fields), fields, names };
}

function valuesIn({ value, changes, lost }: FieldHistory): string[] {
  return textsIn([value, ...changes.flatMap(({ before, after }) => [before, after]), ...lost.map((one) => one.value)]);
}

function fieldHistories(
  record: StoredRecord,
  mapped: readonly string[],
  {
    changes,
    conflicts,
    parked,
  }: { changes: readonly Change[]; conflicts: readonly Conflict[]; parked: readonly Parked[] },
  nameOf: (change: Change) => string | null,
): FieldHistory[] {
  const told = [...conflicts, ...parked].flatMap(({ field }) => field ?? []);
  const names = [...mapped, ...Object.keys(record.fields), ...told];
  return [...new Set(names)].sort().map((field) => ({
    field,
    value: record.fields[field] ?? null,
    changes: changes
      .filter((one) => one.field === field)
      .map((one) => ({
        at: new Date(one.at_ms).toISOString(),
        side: one.side,
        by: actorName(one.author),
        name: nameOf(one),
        because: one.cause.lane,
        before: one.before,
        after: one.after,
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
