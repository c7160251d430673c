import { ApiError } from '../api-error.ts';
import { parseValue } from '../dml/parse-value.ts';
import { readInput } from '../dml/read-input.ts';
import { remove } from '../dml/remove.ts';
import { insert, update } from '../dml/save.ts';
import { upsert } from '../dml/upsert.ts';
import type { Row } from '../org/row-store.ts';
import type { Transaction } from '../org/transaction.ts';
import { readId } from '../rest/find.ts';
import type { Entity } from '../schema/entity.ts';
import type { BulkJob } from './job.ts';

/** What an empty value does not do. Source: Bulk API 2.0 guide, Prepare CSV Files: empty values are ignored, `#N/A` clears. */
const cleared = '#N/A';

/** A column that the object does not have fails the whole job. Source: Bulk API 2.0 guide, errors: InvalidBatch. */
export function refuseColumns(tx: Transaction, entity: Entity, columns: readonly string[]): void {
  for (const name of columns) {
    const [first = '', second] = name.split('.');
    const parent = second === undefined ? undefined : entity.relationship(first);
    const holder = parent ? tx.org.schema.entity(parent.referenceTo[0] ?? '') : entity;
    if (!holder?.field(second ?? first)) throw new ApiError(400, 'InvalidBatch', `Field name not found : ${name}`);
  }
}

/** Writes one row of a job. Throws an ApiError that concerns this row only. */
export function ingestRow(
  tx: Transaction,
  job: BulkJob,
  entity: Entity,
  columns: readonly string[],
  values: readonly string[],
): { id: string; created: boolean } {
  if (values.length !== columns.length)
    throw new ApiError(400, 'INVALID_BATCH', `Found ${values.length} values for ${columns.length} columns`);
  const given = Object.fromEntries(columns.map((name, index) => [name, values[index] ?? '']));
  const { Id: id = '', ...rest } = given;
  if (job.operation === 'delete') {
    const row = existing(tx, entity, id);
    remove(tx, entity, row);
    return { id: row.Id, created: false };
  }
  const input = new Map(readInput(tx.org.schema, entity, asBody(rest)));
  if (job.operation === 'insert') return { id: insert(tx, entity, input), created: true };
  if (job.operation === 'update') {
    const row = existing(tx, entity, id);
    update(tx, entity, row, input);
    return { id: row.Id, created: false };
  }
  const key = entity.field(job.externalIdFieldName ?? '');
  if (!key) throw new ApiError(400, 'INVALID_FIELD', `No field ${job.externalIdFieldName}`);
  if (key.type === 'id') {
    if (id === '') return { id: insert(tx, entity, input), created: true };
    const row = existing(tx, entity, id);
    update(tx, entity, row, input);
    return { id: row.Id, created: false };
  }
  const value = parseValue(key, rest[key.name] ?? '');
  if (value === null) throw new ApiError(400, 'MISSING_ARGUMENT', `${key.name} not specified`, []);
  input.delete(key);
  return upsert(tx, entity, key, value, input);
}

/** CSV knows texts only; `Account.Rapport_Id__c` names a parent by its external id. */
function asBody(given: Readonly<Record<string, string>>): Record<string, unknown> {
  const body: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(given)) {
    if (value === '') continue;
    const [first = '', second] = name.split('.');
    const read = value === cleared ? null : value;
    body[first] = second === undefined ? read : { [second]: read };
  }
  return body;
}

function existing(tx: Transaction, entity: Entity, id: string): Row {
  if (id === '') throw new ApiError(400, 'MISSING_ARGUMENT', 'Id not specified in an update call', []);
  const row = tx.org.rows(entity).get(readId(entity, id));
  if (!row) throw new ApiError(400, 'INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id', []);
  return row;
}

/** `CODE:message:FIELDS --`. Source: Bulk API 2.0 guide, Get Job Failed Record Results (sf__Error). */
export function errorText({ items }: ApiError): string {
  const [item] = items;
  return `${item?.errorCode}:${item?.message}:${item?.fields?.join(', ') ?? ''} --`;
}
