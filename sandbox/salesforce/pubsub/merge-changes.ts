import type { RowChange } from '../row-change.ts';

/** One event to be: a change, or a run of equal changes to several rows. */
export interface MergedChange extends Omit<RowChange, 'recordId' | 'changeType'> {
  recordIds: string[];
  changeType: RowChange['changeType'] | `GAP_${RowChange['changeType']}` | 'GAP_OVERFLOW';
}

/** More changes than this in one transaction overflow (Change Data Capture docs: overflow events). */
const overflowAfter = 100_000;
const emptyRecordId = '000000000000000AAA';

/**
 * The events of one committed transaction. Neighbouring rows that changed alike become one event with many ids; what
 * lies beyond 100,000 changes (each field of an update counts) becomes one overflow event for each entity.
 */
export function mergeChanges(transaction: readonly RowChange[]): MergedChange[] {
  const events: MergedChange[] = [];
  const overflowed = new Set<string>();
  let count = 0;
  let lastLikeness = '';
  for (const change of transaction) {
    count += change.changeType === 'UPDATE' ? Object.keys(change.fields).length : 1;
    if (count > overflowAfter) {
      if (!overflowed.has(change.entity)) events.push(overflow(change));
      overflowed.add(change.entity);
      continue;
    }
    const likeness = JSON.stringify([
      change.entity,
      change.changeType,
      change.changeOrigin,
      change.commitUser,
      change.fields,
    ]);
    const last = events.at(-1);
    const { recordId, ...rest } = change;
    // Two new rows stay two events even when they are equal.
    if (last && likeness === lastLikeness && change.changeType !== 'CREATE') last.recordIds.push(recordId);
    else events.push({ ...rest, recordIds: [recordId] });
    lastLikeness = likeness;
  }
  return events;
}

/** The change without its fields: the reader must fetch the rows (Change Data Capture docs: gap events). */
export function gap(change: MergedChange): MergedChange {
  if (change.changeType.startsWith('GAP_')) return change;
  return { ...change, changeType: `GAP_${change.changeType as RowChange['changeType']}`, fields: {} };
}

/** The change without fields and ids: the reader must compare the whole object. */
export function overflow(change: RowChange | MergedChange): MergedChange {
  return {
    orgId: change.orgId,
    entity: change.entity,
    changeType: 'GAP_OVERFLOW',
    recordIds: [emptyRecordId],
    fields: {},
    transactionKey: change.transactionKey,
    sequenceNumber: change.sequenceNumber,
    committedAt_ms: change.committedAt_ms,
    commitUser: change.commitUser,
    changeOrigin: change.changeOrigin,
  };
}
