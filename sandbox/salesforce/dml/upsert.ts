import { ApiError } from '../api-error.ts';
import type { Row } from '../org/row-store.ts';
import type { Transaction } from '../org/transaction.ts';
import type { Entity } from '../schema/entity.ts';
import type { Field } from '../schema/field.ts';
import type { Scalar } from './parse-value.ts';
import type { Input } from './read-input.ts';
import { insert, update } from './save.ts';

/** The rows in use that carry this external id. */
export function findByKey(tx: Transaction, entity: Entity, key: Field, value: unknown): Row[] {
  return tx.org
    .rows(entity)
    .find(key, value)
    .filter((row) => !row['IsDeleted']);
}

/**
 * Creates the row with this external id or updates the one that has it.
 * More than one match is the caller's to answer (a single row: 300, a collection: DUPLICATE_EXTERNAL_ID).
 * Only an insert writes the key, so that a user who may not edit it can still update.
 */
export function upsert(
  tx: Transaction,
  entity: Entity,
  key: Field,
  value: Scalar,
  input: Input,
): { id: string; created: boolean } {
  const [row, second] = findByKey(tx, entity, key, value);
  if (second) {
    const message = `${key.name}: more than one record found for external id field: [${String(row?.Id)}, ${second.Id}]`;
    throw new ApiError(400, 'DUPLICATE_EXTERNAL_ID', message, [key.name]);
  }
  if (!row) return { id: insert(tx, entity, new Map([...input, [key, value]])), created: true };
  update(tx, entity, row, input);
  return { id: row.Id, created: false };
}
