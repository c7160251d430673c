import { ApiError } from '../api-error.ts';
import type { Row } from '../org/row-store.ts';
import type { Transaction } from '../org/transaction.ts';
import { editable } from '../schema/describe.ts';
import type { Entity } from '../schema/entity.ts';
import type { Field } from '../schema/field.ts';
import { checkValue } from './check-value.ts';
import { derive, type Draft } from './derive.ts';
import { refuseSentEmail } from './email-rules.ts';
import { followUp } from './follow-up.ts';
import { refuseStormed } from './lock-storm.ts';
import { eventFields, patch } from './patch.ts';
import { mirrorPerson, namePerson } from './person-account.ts';
import type { Input } from './read-input.ts';
import { cannotReferenceConverted, entityIsDeleted } from './refusals.ts';
import { enforceRules } from './validation-rule.ts';

/**
 * Inserts a row and gives its id. Throws an ApiError that concerns this row only; nothing is written then.
 * Order of checks: access (not in system mode, as Apex runs), values, required fields, validation rules, unique external ids.
 */
export function insert(tx: Transaction, entity: Entity, input: Input, options = { systemMode: false }): string {
  refuseUnwriteable(entity, 'inserted');
  if (!options.systemMode) refuseReadOnly(tx, input, 'createable');
  const draft = checkAll(tx, input);
  for (const field of entity.fields) {
    if (field.defaultValue !== null && (draft[field.name] ?? null) === null) draft[field.name] = field.defaultValue;
  }
  if (entity.field('OwnerId')) draft['OwnerId'] ??= tx.actor.userId;
  namePerson(tx, entity, draft);
  requireFields(entity, draft);
  dropIgnored(tx, entity, draft);
  derive(tx, entity.name, draft, undefined, new Set(Object.keys(draft)));
  enforceRules(tx.rules, tx.org.orgId, entity, draft);
  refuseDuplicates(tx, entity, draft, undefined);
  refuseStormed(tx, entity, draft);
  const id = tx.org.nextId(entity);
  const row: Row = {
    Id: id,
    ...draft,
    CreatedById: tx.actor.userId,
    CreatedDate: tx.stamp,
    LastModifiedById: tx.actor.userId,
    LastModifiedDate: tx.stamp,
    SystemModstamp: tx.stamp,
  };
  tx.write(entity, row, 'CREATE', eventFields(row));
  followUp(tx, entity.name, row);
  mirrorPerson(tx, entity, row);
  return id;
}

/** Updates a row; errors as for `insert`. */
export function update(tx: Transaction, entity: Entity, row: Row, input: Input): void {
  refuseUnwriteable(entity, 'updated');
  if (row['IsDeleted']) throw entityIsDeleted(404);
  if (row['IsConverted']) throw cannotReferenceConverted();
  refuseLocked(tx, entity, row);
  refuseReadOnly(tx, input, 'updateable');
  if (entity.name === 'EmailMessage') refuseSentEmail(row, input);
  const values = checkAll(tx, input);
  dropIgnored(tx, entity, values, row.Id);
  const draft: Draft = { ...row, ...values };
  namePerson(tx, entity, draft);
  requireFields(entity, draft);
  derive(tx, entity.name, draft, row, new Set(Object.keys(values)));
  enforceRules(tx.rules, tx.org.orgId, entity, draft);
  refuseDuplicates(tx, entity, draft, row.Id);
  refuseStormed(tx, entity, draft);
  const after = patch(tx, entity, row, draft);
  followUp(tx, entity.name, after);
  mirrorPerson(tx, entity, after);
}

function refuseUnwriteable(entity: Entity, verb: string): void {
  if (entity.table.writeable) return;
  throw new ApiError(400, 'INVALID_TYPE_FOR_OPERATION', `entity type cannot be ${verb}: ${entity.table.label}`);
}

/** The fault `api.row_lock`: another transaction holds the row. */
export function refuseLocked(tx: Transaction, entity: Entity, row: Row): void {
  if (!tx.faults.take('api.row_lock', { org: tx.org.orgId, entity: entity.name, id: row.Id })) return;
  const message = `unable to obtain exclusive access to this record or 1 records: ${row.Id}`;
  throw new ApiError(400, 'UNABLE_TO_LOCK_ROW', message, []);
}

function refuseReadOnly(tx: Transaction, input: Input, access: 'createable' | 'updateable'): void {
  const refused = [...input.keys()]
    .filter((field) => !field[access] || !editable(field, tx.actor.isIntegration))
    .map((field) => field.name);
  if (refused.length === 0) return;
  const message = `Unable to create/update fields: ${refused.join(', ')}. Please check the security settings of this field and verify that it is read/write for your profile or permission set.`;
  throw new ApiError(400, 'INVALID_FIELD_FOR_INSERT_UPDATE', message, refused);
}

function checkAll(tx: Transaction, input: Input): Draft {
  const draft: Draft = {};
  for (const [field, value] of input) draft[field.name] = checkValue(tx, field, value);
  return draft;
}

/** The fault `api.accept_but_ignore`: as if a trigger put the old value back. */
function dropIgnored(tx: Transaction, entity: Entity, draft: Draft, id = ''): void {
  for (const field of Object.keys(draft)) {
    const facts = { org: tx.org.orgId, entity: entity.name, field, id };
    if (tx.faults.take('api.accept_but_ignore', facts)) delete draft[field];
  }
}

const isRequired = (field: Field): boolean => !field.nillable && field.createable && !field.defaultedOnCreate;

function requireFields(entity: Entity, draft: Draft): void {
  const missing = entity.fields
    .filter((field) => isRequired(field) && (draft[field.name] ?? null) === null)
    .map((field) => field.name);
  if (missing.length === 0) return;
  const message = `Required fields are missing: [${missing.join(', ')}]`;
  throw new ApiError(400, 'REQUIRED_FIELD_MISSING', message, missing);
}

function refuseDuplicates(tx: Transaction, entity: Entity, draft: Draft, ownId: string | undefined): void {
  for (const field of entity.fields) {
    const value = draft[field.name] ?? null;
    if (!field.unique || value === null) continue;
    const other = tx.org
      .rows(entity)
      .find(field, value)
      .find((row) => row.Id !== ownId && !row['IsDeleted']);
    if (!other) continue;
    const message = `duplicate value found: ${field.name} duplicates value on record with id: ${other.Id.slice(0, 15)}`;
    throw new ApiError(400, 'DUPLICATE_VALUE', message, []);
  }
}
