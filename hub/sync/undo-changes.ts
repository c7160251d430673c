import { sameValue, type Fields, type Value } from '../../protocol/fields.ts';
import type { Author, Change, Kind, StoredRecord } from '../../protocol/nouns.ts';
import type { ChangeSet, TenantTx } from '../../protocol/ports/store.ts';
import type { SyncDeps } from './deps.ts';
import { fileRecords, type FilingDeps } from './file-records.ts';
import { unitsOf } from './units.ts';

const recordsPerPage = 200;

type UndoDeps = FilingDeps & Pick<SyncDeps, 'store' | 'bell'>;

export interface Undone {
  records: number;
  fields: number;
  /** Fields that were set again since: they stay. */
  kept: number;
}

/** A field that is taken back, or would be. */
export interface UndoneField {
  recordId: string;
  kind: Kind;
  field: string;
  from: Value;
  to: Value;
}

/**
 * Takes a set of changes back, in the name of who asks: each field gets the value from before the set, unless it, or a field
 * of its group, was set again since. A page of records is a transaction; a second call finds what a first one left. With
 * `dryRun` it only counts. `onPage` is told the counts so far, `onField` each field.
 */
export async function undoChanges(
  deps: UndoDeps,
  tenantId: string,
  set: ChangeSet,
  options: {
    by: Author;
    dryRun: boolean;
    onPage?: (sofar: Undone) => void;
    onField?: (field: UndoneField) => void;
  },
): Promise<Undone> {
  const undone: Undone = { records: 0, fields: 0, kept: 0 };
  const toDeliver = new Set<string>();
  let after = '';
  for (;;) {
    const page = await deps.store.tenant(tenantId, (tx) => undoPage(deps, tx, set, options, after));
    if (page.after === undefined) break;
    after = page.after;
    undone.records += page.records;
    undone.fields += page.taken.length;
    undone.kept += page.kept;
    for (const installationId of page.installations) toDeliver.add(installationId);
    for (const field of page.taken) options.onField?.(field);
    options.onPage?.({ ...undone });
  }
  await deps.bell.ring(
    [...toDeliver].map((installationId) => ({ tenantId, installationId, lane: 'deliver' as const })),
  );
  return undone;
}

async function undoPage(
  deps: UndoDeps,
  tx: TenantTx,
  set: ChangeSet,
  { by, dryRun }: { by: Author; dryRun: boolean },
  after: string,
): Promise<{
  records: number;
  taken: UndoneField[];
  kept: number;
  after: string | undefined;
  installations: string[];
}> {
  const changes = await tx.changesIn(set, after, recordsPerPage);
  const byRecord = Map.groupBy(changes, (change) => change.recordId);
  const records = await tx.lockRecords([...byRecord.keys()]);
  const updates: { recordId: string; fields: Fields }[] = [];
  const taken: UndoneField[] = [];
  let kept = 0;
  for (const record of records) {
    const before = valuesBefore(deps, record, byRecord.get(record.id) ?? []);
    kept += before.kept;
    if (Object.keys(before.fields).length > 0) updates.push({ recordId: record.id, fields: before.fields });
    for (const [field, to] of Object.entries(before.fields))
      taken.push({ recordId: record.id, kind: record.kind, field, from: record.fields[field] ?? null, to });
  }
  const cause = { lane: 'restore', id: `undo ${new Date(set.from_ms).toISOString()}` } as const;
  const installations = dryRun ? [] : await fileRecords(deps, tx, { records: [], updates, cause, by });
  return { records: updates.length, taken, kept, installations, after: [...byRecord.keys()].at(-1) };
}

/** The values from before the set, of the units in which nothing was set since. `changes` oldest first. */
function valuesBefore(
  deps: UndoDeps,
  record: StoredRecord,
  changes: readonly Change[],
): { fields: Fields; kept: number } {
  const fields: Record<string, Value> = {};
  let kept = 0;
  if (record.deletedAt_ms !== null) return { fields, kept };
  for (const unit of unitsOf(deps.mapper.mappings.kinds[record.kind].fields)) {
    const ours = changes.filter((change) => unit.names.includes(change.field));
    const [first] = ours;
    if (!first) continue;
    const isAsLeft = unit.names.every((name) => {
      const last = ours.findLast((change) => change.field === name);
      return last
        ? sameValue(record.fields[name] ?? null, last.after)
        : (record.stamps[name]?.at_ms ?? 0) <= first.at_ms;
    });
    const names = new Set(ours.map((change) => change.field));
    if (!isAsLeft) kept += names.size;
    else for (const name of names) fields[name] = ours.find((change) => change.field === name)?.before ?? null;
  }
  return { fields, kept };
}
