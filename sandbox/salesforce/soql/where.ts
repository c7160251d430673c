import type { LiteralType, Operator, Query } from '@jetstreamapp/soql-parser-js';
import { ApiError } from '../api-error.ts';
import { isIndexed, type Row } from '../org/row-store.ts';
import type { Field } from '../schema/field.ts';
import type { Comparison, ConditionTree } from './condition-tree.ts';
import { resolvePath, valueAt, type Scope } from './field-path.ts';
import { readLiteral } from './literal.ts';
import { keyOf, valueTest } from './predicate.ts';
import { malformedQuery } from './query-error.ts';

/** A condition ready to run. `keys` or `range`, where present, name the only rows for which it can be true. */
export interface Condition {
  test: (row: Row) => boolean;
  keys?: { field: Field; values: readonly unknown[] };
  /** Bounds of SystemModstamp, included. */
  range?: { from?: string; to?: string };
}

/** Runs a semi-join's inner query and gives its ids. */
export type InnerQuery = (query: Query) => ReadonlySet<unknown>;

/** Compiles a WHERE tree for the rows of a scope's object. */
export function compileWhere(scope: Scope, tree: ConditionTree, now_ms: number, inner: InnerQuery): Condition {
  switch (tree.kind) {
    case 'comparison':
      return compileComparison(scope, tree.comparison, now_ms, inner);
    case 'not': {
      const { test } = compileWhere(scope, tree.part, now_ms, inner);
      return { test: (row) => !test(row) };
    }
    case 'or': {
      const parts = tree.parts.map((part) => compileWhere(scope, part, now_ms, inner));
      return { test: (row) => parts.some((part) => part.test(row)) };
    }
    case 'and': {
      const parts = tree.parts.map((part) => compileWhere(scope, part, now_ms, inner));
      const keys = parts.find((part) => part.keys)?.keys;
      const range = Object.assign({}, ...parts.map((part) => part.range)) as Condition['range'];
      return {
        test: (row) => parts.every((part) => part.test(row)),
        ...(keys ? { keys } : {}),
        ...(range && Object.keys(range).length > 0 ? { range } : {}),
      };
    }
  }
}

function compileComparison(scope: Scope, comparison: Comparison, now_ms: number, inner: InnerQuery): Condition {
  if (!('field' in comparison)) throw malformedQuery('unexpected token: functions in WHERE are not evaluated');
  const path = resolvePath(scope, comparison.field);
  const { field } = path;
  if (!field.filterable || field.type === 'address') {
    throw new ApiError(400, 'INVALID_FIELD', `field '${field.name}' can not be filtered in a query call`);
  }
  const operator = comparison.operator.toUpperCase() as Operator;
  const read = (row: Row): unknown => valueAt(scope.org, row, path);
  const own = path.steps.length === 0;

  if (operator === 'IN' || operator === 'NOT IN') {
    const set = members(field, comparison, now_ms, inner);
    const key = keyOf(field);
    const wanted = operator === 'IN';
    const values = [...set];
    const usable = wanted && own && !set.has(null) && (field.type === 'id' || isIndexed(field));
    return {
      test: (row) => set.has(key(read(row))) === wanted,
      ...(usable ? { keys: { field, values } } : {}),
    };
  }
  if (!('value' in comparison) || Array.isArray(comparison.value)) throw malformedQuery(`unexpected token: '('`);
  const type = comparison.literalType as LiteralType | undefined;
  const test = valueTest(field, operator, type, comparison.value, now_ms);
  const literal = operator === 'LIKE' ? undefined : readLiteral(field, type, comparison.value, now_ms);
  const value = literal && 'value' in literal ? literal.value : null;
  const condition: Condition = { test: (row) => test(read(row)) };
  if (!own || value === null) return condition;
  if (operator === '=' && (field.type === 'id' || isIndexed(field)))
    return { ...condition, keys: { field, values: [value] } };
  if (field.name !== 'SystemModstamp') return condition;
  const bounds = {
    ...(operator.startsWith('>') || operator === '=' ? { from: String(value) } : {}),
    ...(operator.startsWith('<') || operator === '=' ? { to: String(value) } : {}),
  };
  return { ...condition, range: bounds };
}

function members(field: Field, comparison: Comparison, now_ms: number, inner: InnerQuery): ReadonlySet<unknown> {
  if ('valueQuery' in comparison) {
    if (field.type === 'id' || field.type === 'reference') return inner(comparison.valueQuery);
    throw malformedQuery(`The left operand '${field.name}' of a semi-join must be an id or a reference`);
  }
  if (!('value' in comparison) || !Array.isArray(comparison.value))
    throw malformedQuery('IN operator must be used with a list');
  const types = comparison.literalType;
  return new Set(
    comparison.value.map((raw, index) => {
      const literal = readLiteral(field, Array.isArray(types) ? types[index] : types, raw, now_ms);
      if ('span' in literal) throw malformedQuery(`unexpected token: '${raw}'`);
      return literal.value;
    }),
  );
}
