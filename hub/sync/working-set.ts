import type { Conflict, Change, Installation, Kind, Link, Parked, StoredRecord, Write } from '../../protocol/nouns.ts';
import type { SyncDeps } from './deps.ts';
import type { Applied } from './observation.ts';

/** What one transaction's observations work on. Read at its start under the records' locks, saved at its end. */
export interface WorkingSet {
  deps: SyncDeps;
  /** Where the rows were observed. */
  installation: Installation;
  about: { kind: Kind; object: string };
  installations: readonly Installation[];
  now_ms: number;
  records: Map<string, StoredRecord>;
  links: Map<string, Link>;
  /** Unsettled writes by link. */
  writes: ReadonlyMap<string, readonly Write[]>;
  /** Open entries of the observed rows, as they were. */
  parkedBefore: readonly Parked[];

  changes: Change[];
  conflicts: Conflict[];
  settled: Write[];
  /** Records that were deleted, or live again, and by whom. */
  fates: { action: 'record.delete' | 'record.revive'; recordId: string; actor: string }[];
  /** Records to save. */
  touched: Set<string>;
  /** Links whose write must be sent again, not before the instant that they have. */
  retried: Set<string>;
  /** Links whose rows were deleted once and are there again. */
  restored: ReadonlySet<string>;
  /** Links that got their first observation: children may have waited for them. */
  newlyLive: Link[];
  parked: Parked[];
  unparked: string[];
  applied: Applied;
}

export function recordOf(set: WorkingSet, link: Link): StoredRecord {
  return set.records.get(link.recordId) as StoredRecord;
}

/** True while the outcome of a write to the link is not known. */
export function isBusy(set: WorkingSet, link: Link): boolean {
  return (set.writes.get(link.id) ?? []).some((write) => write.state === 'sent' || write.state === 'uncertain');
}
