import { ApiError } from '../api-error.ts';
import type { Entity } from '../schema/entity.ts';
import type { Field } from '../schema/field.ts';
import type { Schema } from '../schema/schema.ts';
import { parseValue, type Scalar } from './parse-value.ts';

/** A parent named by its external id: `"Account": {"Rapport_Id__c": "x"}`. It is looked up when the row is saved. */
export class ParentKey {
  readonly entity: Entity;
  readonly field: Field;
  readonly value: Scalar;

  constructor(entity: Entity, field: Field, value: Scalar) {
    this.entity = entity;
    this.field = field;
    this.value = value;
  }
}

/** The columns of one record of a request body, parsed. */
export type Input = ReadonlyMap<Field, Scalar | ParentKey>;

const noSuchColumn = (name: string, entity: Entity): ApiError =>
  new ApiError(400, 'INVALID_FIELD', `No such column '${name}' on sobject of type ${entity.name}`);

/**
 * Reads one record. Faults here refuse the whole request: an unknown column (INVALID_FIELD), a value of a wrong kind
 * (JSON_PARSER_ERROR), a key that the URL already gives (`keyField`). `Id` is left to the caller.
 * Source: REST API guide, status codes and error responses.
 */
export function readInput(schema: Schema, entity: Entity, body: unknown, keyField?: Field): Input {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new ApiError(
      400,
      'JSON_PARSER_ERROR',
      'The request body must be one JSON object with the fields of a record',
    );
  }
  const input = new Map<Field, Scalar | ParentKey>();
  for (const [name, value] of Object.entries(body)) {
    if (name === 'attributes') continue;
    const field = entity.field(name);
    if (field && field === keyField) {
      const message = `The ${field.name} field should not be specified in the sobject data.`;
      throw new ApiError(400, 'INVALID_FIELD', message, [field.name]);
    }
    if (field) input.set(field, parseValue(field, value));
    else readParent(schema, entity, name, value, input);
  }
  return input;
}

function readParent(
  schema: Schema,
  entity: Entity,
  name: string,
  value: unknown,
  input: Map<Field, Scalar | ParentKey>,
): void {
  const lookup = entity.relationship(name);
  const parent = lookup && schema.entity(lookup.referenceTo[0] ?? '');
  if (!lookup || !parent || typeof value !== 'object' || value === null) throw noSuchColumn(name, entity);
  const keys = Object.entries(value).filter(([key]) => key !== 'attributes');
  const [key, keyValue] = keys[0] ?? [];
  const keyField = key === undefined ? undefined : parent.field(key);
  if (keys.length !== 1 || !keyField || !(keyField.externalId || keyField.idLookup)) {
    throw new ApiError(
      400,
      'INVALID_FIELD',
      `Relationship ${name} must name its parent by exactly one external id field`,
      [lookup.name],
    );
  }
  input.set(lookup, new ParentKey(parent, keyField, parseValue(keyField, keyValue)));
}
