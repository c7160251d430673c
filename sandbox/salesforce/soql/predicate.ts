import type { LiteralType, Operator } from '@jetstreamapp/soql-parser-js';
import { ApiError } from '../api-error.ts';
import { parseInstant } from '../instant.ts';
import type { Field } from '../schema/field.ts';
import { readLiteral, type Literal } from './literal.ts';
import { malformedQuery } from './query-error.ts';
import { likePattern, textLiteral } from './text-literal.ts';

export type Test = (value: unknown) => boolean;

/** Stored values compare as they are; text in lower case. */
const comparable = (value: unknown): unknown => (typeof value === 'string' ? value.toLowerCase() : value);
const isText = (field: Field): boolean =>
  !['int', 'double', 'currency', 'percent', 'boolean', 'date', 'datetime', 'id', 'reference'].includes(field.type);

/** What a stored value of this field compares as. */
export function keyOf(field: Field): (value: unknown) => unknown {
  return isText(field) ? comparable : (value) => value;
}

const instantOf = (value: unknown): number =>
  typeof value === 'string' && value.length > 10
    ? (parseInstant(value) ?? Number.NaN)
    : Date.parse(`${String(value)}T00:00:00Z`);

function spanTest(operator: Operator, { from_ms, to_ms }: { from_ms: number; to_ms: number }): Test {
  const inside = (at: number): boolean => at >= from_ms && at < to_ms;
  const tests: Partial<Record<Operator, (at: number) => boolean>> = {
    '=': inside,
    '!=': (at) => !inside(at),
    '<': (at) => at < from_ms,
    '<=': (at) => at < to_ms,
    '>': (at) => at >= to_ms,
    '>=': (at) => at >= from_ms,
  };
  const test = tests[operator];
  if (!test) throw malformedQuery(`unexpected token: '${operator}'`);
  return (value) => (value === null ? operator === '!=' : test(instantOf(value)));
}

function orderTest(field: Field, operator: Operator, literal: Exclude<Literal, { span: unknown }>): Test {
  const right = literal.value;
  // Ids have an order (Bulk API docs: PK chunking cuts a query into ranges of Id).
  if (right === null || field.type === 'boolean') {
    const message = `invalid operator on ${right === null ? 'null' : field.type} field: ${operator} (${field.name})`;
    throw new ApiError(400, 'INVALID_QUERY_FILTER_OPERATOR', message);
  }
  const key = keyOf(field);
  const compare = {
    '<': (left: typeof right) => left < right,
    '<=': (left: typeof right) => left <= right,
    '>': (left: typeof right) => left > right,
    '>=': (left: typeof right) => left >= right,
  }[operator as '<' | '<=' | '>' | '>='];
  return (value) => value !== null && compare(key(value) as typeof right);
}

/**
 * One comparison against a literal. Nothing but `!=` and NOT IN is true of an empty value.
 * Source: SOQL reference, comparison operators.
 */
export function valueTest(
  field: Field,
  operator: Operator,
  types: LiteralType | undefined,
  raw: string,
  now_ms: number,
): Test {
  if (operator === 'LIKE') {
    if (!isText(field)) throw malformedQuery(`invalid operator on ${field.type} field: LIKE (${field.name})`);
    const pattern = likePattern(textLiteral(raw, true));
    return (value) => typeof value === 'string' && pattern.test(value);
  }
  const literal = readLiteral(field, types, raw, now_ms);
  if ('span' in literal) return spanTest(operator, literal.span);
  const key = keyOf(field);
  switch (operator) {
    case '=':
      return (value) => key(value) === literal.value;
    case '!=':
      return (value) => key(value) !== literal.value;
    case '<':
    case '<=':
    case '>':
    case '>=':
      return orderTest(field, operator, literal);
    default:
      throw malformedQuery(`unexpected token: '${operator}'`);
  }
}
