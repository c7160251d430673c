import { ApiError } from '../api-error.ts';
import type { Row } from '../org/row-store.ts';
import type { Transaction } from '../org/transaction.ts';
import { parseInstant } from '../instant.ts';
import type { Entity } from '../schema/entity.ts';
import { masterRecord } from '../schema/field.ts';
import { eventFields, patch } from './patch.ts';
import { entityIsDeleted } from './refusals.ts';
import { refuseLocked } from './save.ts';

/** Salesforce help, recycle bin: deleted records are kept for 15 days. */
const recycleBin_ms = 15 * 86_400_000;

/**
 * Moves a row to the recycle bin: its children by a cascading lookup go along, other lookups at it are emptied.
 * Source: object reference, "deletes that affect related records".
 */
export function remove(tx: Transaction, entity: Entity, row: Row): void {
  if (!entity.table.writeable) {
    throw new ApiError(400, 'INVALID_TYPE_FOR_OPERATION', `entity type cannot be deleted: ${entity.table.label}`);
  }
  if (row['IsDeleted']) throw entityIsDeleted(404);
  refuseLocked(tx, entity, row);
  drop(tx, entity, row, undefined);
}

function drop(tx: Transaction, entity: Entity, row: Row, deletedWith: string | undefined): void {
  const root = deletedWith ?? row.Id;
  tx.write(
    entity,
    { ...row, IsDeleted: true, SystemModstamp: tx.stamp, ...(deletedWith ? { deletedWith } : {}) },
    'DELETE',
    {},
  );
  for (const { child, field } of tx.org.schema.children(entity)) {
    for (const one of tx.org.rows(child).find(field, row.Id)) {
      if (one['IsDeleted']) continue;
      if (field.cascadeDelete) drop(tx, child, one, root);
      else if (field.updateable) patch(tx, child, one, { [field.name]: null });
    }
  }
}

/**
 * Takes a row out of the recycle bin, with what was deleted along with it. A row that lost a merge comes back as well, but not what
 * pointed at it. Source: SOAP API guide, undelete().
 */
export function undelete(tx: Transaction, entity: Entity, row: Row): void {
  const since_ms = parseInstant(String(row['SystemModstamp'])) ?? 0;
  if (!row['IsDeleted'] || tx.now_ms - since_ms > recycleBin_ms) {
    throw new ApiError(400, 'UNDELETE_FAILED', 'Entity is not in the recycle bin', []);
  }
  for (const field of entity.fields.filter((one) => one.unique)) {
    const value = row[field.name] ?? null;
    const taken =
      value !== null &&
      tx.org
        .rows(entity)
        .find(field, value)
        .some((other) => !other['IsDeleted']);
    if (taken) throw new ApiError(400, 'DUPLICATE_VALUE', `duplicate value found: ${field.name}`, [field.name]);
  }
  restore(tx, entity, row);
  for (const { child, field } of tx.org.schema.children(entity)) {
    for (const one of tx.org.rows(child).find(field, row.Id)) {
      if (one['IsDeleted'] && one.deletedWith === (row.deletedWith ?? row.Id)) undelete(tx, child, one);
    }
  }
}

function restore(tx: Transaction, entity: Entity, row: Row): void {
  const { deletedWith: _, [masterRecord]: __, ...rest } = row;
  const back = { ...rest, Id: row.Id, IsDeleted: false, SystemModstamp: tx.stamp } as Row;
  tx.write(entity, back, 'UNDELETE', eventFields(back));
}
