import type { LiteralType } from '@jetstreamapp/soql-parser-js';
import { ApiError } from '../api-error.ts';
import { apiInstant, isDate, parseInstant } from '../instant.ts';
import { normaliseId } from '../record-id.ts';
import type { Field, FieldType } from '../schema/field.ts';
import { dateLiteral, type Span } from './date-literal.ts';
import { textLiteral } from './text-literal.ts';

/** What a literal compares as: a value in the column's stored form, or a span of time. */
export type Literal = { value: string | number | boolean | null } | { span: Span };

const kinds: Partial<Record<FieldType, 'number' | 'boolean' | 'date' | 'dateTime' | 'id'>> = {
  int: 'number',
  double: 'number',
  currency: 'number',
  percent: 'number',
  boolean: 'boolean',
  date: 'date',
  datetime: 'dateTime',
  id: 'id',
  reference: 'id',
};

function wrongType(field: Field): ApiError {
  const kind = kinds[field.type];
  const quoted = kind === undefined || kind === 'id';
  const type = kind === 'number' ? (field.type === 'int' ? 'int' : 'double') : quoted ? 'string' : kind;
  const message = `value of filter criterion for field '${field.name}' must be of type ${type} and should ${quoted ? '' : 'not '}be enclosed in quotes`;
  return new ApiError(400, 'INVALID_FIELD', message);
}

/**
 * A literal as the field's type takes it; INVALID_FIELD for one of another type, INVALID_QUERY_FILTER_OPERATOR for a text
 * that is no id. Text compares without regard to case, hence in lower case; blank text equals no value.
 */
export function readLiteral(field: Field, type: LiteralType | undefined, raw: string, now_ms: number): Literal {
  if (type === 'NULL') return { value: null };
  switch (kinds[field.type]) {
    case 'number':
      if (type !== 'INTEGER' && type !== 'DECIMAL') throw wrongType(field);
      return { value: Number(raw) };
    case 'boolean':
      if (type !== 'BOOLEAN') throw wrongType(field);
      return { value: raw.toUpperCase() === 'TRUE' };
    case 'date':
    case 'dateTime':
      return readTime(field, type, raw, now_ms);
    case 'id': {
      if (type !== 'STRING') throw wrongType(field);
      const id = normaliseId(textLiteral(raw));
      if (!id && raw !== "''") {
        throw new ApiError(400, 'INVALID_QUERY_FILTER_OPERATOR', `invalid ID field: ${textLiteral(raw)}`);
      }
      return { value: id ?? null };
    }
    case undefined:
      if (type !== 'STRING') throw wrongType(field);
      return { value: textLiteral(raw).toLowerCase() || null };
  }
}

function readTime(field: Field, type: LiteralType | undefined, raw: string, now_ms: number): Literal {
  if (type === 'DATE_LITERAL' || type === 'DATE_N_LITERAL') {
    const span = dateLiteral(raw, now_ms);
    if (!span) throw wrongType(field);
    return { span };
  }
  if (field.type === 'date' && type === 'DATE' && isDate(raw)) return { value: raw };
  const at_ms = field.type === 'datetime' && type === 'DATETIME' ? parseInstant(raw) : undefined;
  if (at_ms === undefined) throw wrongType(field);
  return { value: apiInstant(at_ms) };
}
