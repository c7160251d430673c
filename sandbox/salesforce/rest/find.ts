import { ApiError, notFound } from '../api-error.ts';
import type { Row } from '../org/row-store.ts';
import { normaliseId } from '../record-id.ts';
import type { Entity } from '../schema/entity.ts';
import type { Field } from '../schema/field.ts';
import type { Call } from './api.ts';

/** The object that the path names. */
export function entityOf({ org, params }: Call): Entity {
  const entity = org.schema.entity(params['type'] ?? '');
  if (!entity) throw notFound();
  return entity;
}

/** An id of this object in 18 characters; MALFORMED_ID for one of another object or with a wrong checksum. */
export function readId(entity: Entity, value: string): string {
  const id = normaliseId(value);
  if (id && id.startsWith(entity.keyPrefix)) return id;
  throw new ApiError(400, 'MALFORMED_ID', `${entity.table.label} ID: id value of incorrect type: ${value}`, ['Id']);
}

/** The row that the path names by id. A text that is no id is read as the name of an external id field, as the vendor does. */
export function rowOf(call: Call): { entity: Entity; row: Row } {
  const entity = entityOf(call);
  const value = call.params['id'] ?? '';
  if (!/^[A-Za-z0-9]{15}([A-Za-z0-9]{3})?$/.test(value)) throw noSuchKey(value);
  const row = call.org.rows(entity).get(readId(entity, value));
  if (!row) throw notFound();
  return { entity, row };
}

const noSuchKey = (name: string): ApiError =>
  new ApiError(404, 'NOT_FOUND', `Provided external ID field does not exist or is not accessible: ${name}`);

/** The external id field (or other id lookup) that the path names. */
export function keyFieldOf(entity: Entity, name: string): Field {
  const field = entity.field(name);
  if (!field || !(field.externalId || field.idLookup)) throw noSuchKey(name);
  return field;
}

/** The fields a caller asks for by a comma-separated list; all of them if there is none. */
export function fieldsOf(entity: Entity, names: readonly string[] | undefined): readonly Field[] {
  if (!names) return entity.fields;
  return names.map((name) => {
    const field = entity.field(name.trim());
    if (!field) throw new ApiError(400, 'INVALID_FIELD', `No such column '${name}' on entity '${entity.name}'`);
    return field;
  });
}
