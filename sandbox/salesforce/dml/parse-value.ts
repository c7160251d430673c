import { ApiError } from '../api-error.ts';
import { apiInstant, isDate, parseInstant } from '../instant.ts';
import type { Field } from '../schema/field.ts';

/** A value as a column keeps it. */
export type Scalar = string | number | boolean | null;

/**
 * A JSON value as the column keeps it: text trimmed and blank as null, instants in whole seconds UTC, numbers rounded to the
 * column's scale. A value of another kind is refused before any row is touched, as the vendor's JSON reader does.
 */
export function parseValue(field: Field, value: unknown): Scalar {
  if (value === null) return field.type === 'boolean' ? false : null;
  switch (field.type) {
    case 'boolean':
      if (typeof value === 'boolean') return value;
      if (value === 'true' || value === 'false') return value === 'true';
      throw cannotRead(field, value);
    case 'int':
    case 'double':
    case 'currency':
    case 'percent':
      return parseNumber(field, value);
    case 'date':
      if (value === '') return null;
      if (typeof value === 'string' && isDate(value)) return value;
      throw cannotRead(field, value);
    case 'datetime': {
      if (value === '') return null;
      const at_ms = typeof value === 'string' ? parseInstant(value) : undefined;
      if (at_ms === undefined) throw cannotRead(field, value);
      return apiInstant(at_ms);
    }
    default: {
      if (typeof value !== 'string') throw cannotRead(field, value);
      // Text keeps its inner line breaks; blanks around it are not stored and blank text is no value.
      const trimmed = value.trim();
      return trimmed === '' ? null : trimmed;
    }
  }
}

function parseNumber(field: Field, value: unknown): number | null {
  if (value === '') return null;
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number)) throw cannotRead(field, value);
  if (field.type === 'int' && !Number.isInteger(number)) throw cannotRead(field, value);
  return field.type === 'int' ? number : Number(number.toFixed(field.scale));
}

function cannotRead(field: Field, value: unknown): ApiError {
  const kind = {
    string: 'VALUE_STRING',
    number: Number.isInteger(value) ? 'VALUE_NUMBER_INT' : 'VALUE_NUMBER_FLOAT',
    boolean: value === true ? 'VALUE_TRUE' : 'VALUE_FALSE',
    object: Array.isArray(value) ? 'START_ARRAY' : 'START_OBJECT',
  }[typeof value as 'string' | 'number' | 'boolean' | 'object'];
  const shown = typeof value === 'object' ? '' : ` value ${typeof value === 'string' ? value : JSON.stringify(value)}`;
  return new ApiError(
    400,
    'JSON_PARSER_ERROR',
    `Cannot deserialize instance of ${field.type} from ${kind}${shown} or request may be missing a required field at [line:1, column:1]`,
  );
}
