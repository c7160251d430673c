import { ApiError } from '../api-error.ts';
import type { Transaction } from '../org/transaction.ts';
import { normaliseId } from '../record-id.ts';
import type { Field } from '../schema/field.ts';
import type { Scalar } from './parse-value.ts';
import { ParentKey } from './read-input.ts';
import { cannotReferenceConverted, entityIsDeleted } from './refusals.ts';

/** Largest magnitude of a number column: 18 digits less its scale. */
const limitOf = (field: Field): number => (field.type === 'int' ? 2_147_483_647 : 10 ** (18 - field.scale));

/**
 * A parsed value as it is stored, or the row's refusal: STRING_TOO_LONG, INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST,
 * INVALID_EMAIL_ADDRESS, NUMBER_OUTSIDE_VALID_RANGE, MALFORMED_ID, INVALID_CROSS_REFERENCE_KEY.
 * Source: SOAP API guide, status codes; messages as recorded in public issue threads.
 */
export function checkValue(tx: Transaction, field: Field, value: Scalar | ParentKey): Scalar {
  if (value instanceof ParentKey) return resolveParent(tx, value);
  if (value === null) return null;
  if (field.type === 'reference') return checkReference(tx, field, String(value));
  if (typeof value === 'number' && Math.abs(value) >= limitOf(field)) {
    const message = `${field.label}: value outside of valid range on numeric field: ${value}`;
    throw new ApiError(400, 'NUMBER_OUTSIDE_VALID_RANGE', message, [field.name]);
  }
  if (typeof value !== 'string') return value;
  if (field.length > 0 && value.length > field.length) {
    const message = `${field.label}: data value too large: ${value} (max length=${field.length})`;
    throw new ApiError(400, 'STRING_TOO_LONG', message, [field.name]);
  }
  if (field.restrictedPicklist && !field.picklist.includes(value)) {
    const message = `${field.label}: bad value for restricted picklist field: ${value}`;
    throw new ApiError(400, 'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST', message, [field.name]);
  }
  if (field.type === 'email' && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value)) {
    const message = `${field.label}: invalid email address: ${value}`;
    throw new ApiError(400, 'INVALID_EMAIL_ADDRESS', message, [field.name]);
  }
  return value;
}

function resolveParent(tx: Transaction, key: ParentKey): string {
  const found = tx.org
    .rows(key.entity)
    .find(key.field, key.value)
    .filter((row) => !row['IsDeleted']);
  const [only] = found;
  if (only && found.length === 1) return only.Id;
  const message = `Foreign key external ID: ${String(key.value)} ${only ? 'matches more than one record' : 'not found'} for field ${key.field.name} in entity ${key.entity.name}`;
  throw new ApiError(400, 'INVALID_FIELD', message);
}

function checkReference(tx: Transaction, field: Field, value: string): string {
  const id = normaliseId(value);
  const malformed = (): ApiError =>
    new ApiError(400, 'MALFORMED_ID', `${field.label}: id value of incorrect type: ${value}`, [field.name]);
  if (!id) throw malformed();
  const parent = tx.org.schema.entityOfId(id);
  if (!parent || !field.referenceTo.includes(parent.name)) throw malformed();
  const row = tx.org.row(id);
  if (!row) throw new ApiError(400, 'INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id', []);
  if (row['IsDeleted']) throw entityIsDeleted(400);
  if (row['IsConverted']) throw cannotReferenceConverted();
  return id;
}
