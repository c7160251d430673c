import type { Row } from '../org/row-store.ts';
import type { Transaction } from '../org/transaction.ts';
import type { Entity } from '../schema/entity.ts';

/** System columns that change events leave out. Source: Change Data Capture guide, change event fields. */
const unpublished = new Set(['Id', 'IsDeleted', 'SystemModstamp', 'deletedWith']);

/** All values of a row that a change event of a new row shows. */
export function eventFields(row: Row): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(row).filter(([name, value]) => !unpublished.has(name) && value !== null && value !== undefined),
  );
}

/**
 * Writes checked values onto a row and stamps it. A write that changes no value still moves the stamps,
 * and its change event names LastModifiedDate only, as the vendor's does.
 */
export function patch(tx: Transaction, entity: Entity, before: Row, values: Record<string, unknown>): Row {
  const after: Row = {
    ...before,
    ...values,
    LastModifiedById: tx.actor.userId,
    LastModifiedDate: tx.stamp,
    SystemModstamp: tx.stamp,
  };
  const changed: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(after)) {
    if (!unpublished.has(name) && (value ?? null) !== (before[name] ?? null)) changed[name] = value ?? null;
  }
  changed['LastModifiedDate'] = after['LastModifiedDate'];
  tx.write(entity, after, 'UPDATE', changed);
  return after;
}
