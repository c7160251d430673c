import type { FieldType, Subquery } from '@jetstreamapp/soql-parser-js';
import { ApiError } from '../api-error.ts';
import { resolvePath, type FieldPath, type Scope } from './field-path.ts';
import { malformedQuery } from './query-error.ts';

/** The columns of a SELECT: own fields, fields of parents, lists of children; or just a count. */
export type Columns = 'count' | { paths: FieldPath[]; children: Subquery[] };

/** Resolves a SELECT list. Functions other than COUNT(), TYPEOF and aliases are MALFORMED_QUERY. */
export function resolveColumns(scope: Scope, fields: readonly FieldType[]): Columns {
  const [only] = fields;
  if (fields.length === 1 && only?.type === 'FieldFunctionExpression') {
    if (only.functionName.toUpperCase() === 'COUNT' && only.parameters.length === 0) return 'count';
  }
  const paths: FieldPath[] = [];
  const children: Subquery[] = [];
  const seen = new Set<string>();
  for (const column of fields) {
    if (column.type === 'FieldSubquery') {
      children.push(column.subquery);
      continue;
    }
    if (column.type !== 'Field' && column.type !== 'FieldRelationship') {
      throw malformedQuery(`unexpected token: ${column.type} (the sandbox does not evaluate this part of SOQL)`);
    }
    if ('alias' in column && column.alias && !('objectPrefix' in column)) {
      throw malformedQuery('only aggregate expressions use field aliasing');
    }
    const name = column.type === 'Field' ? column.field : [...column.relationships, column.field].join('.');
    const path = resolvePath(scope, name);
    const full = [...path.steps, path.field].map((field) => field.name).join('.');
    if (seen.has(full)) throw new ApiError(400, 'INVALID_FIELD', `duplicate field selected: ${name}`);
    seen.add(full);
    paths.push(path);
  }
  return { paths, children };
}
