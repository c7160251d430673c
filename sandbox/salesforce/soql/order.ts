import type { OrderByClause } from '@jetstreamapp/soql-parser-js';
import { ApiError } from '../api-error.ts';
import type { Row } from '../org/row-store.ts';
import { resolvePath, valueAt, type Scope } from './field-path.ts';
import { keyOf } from './predicate.ts';
import { malformedQuery } from './query-error.ts';

/** Rows in the asked order; empty values come first unless NULLS LAST says otherwise. Source: SOQL reference, ORDER BY. */
export function sortRows(scope: Scope, rows: readonly Row[], clauses: readonly OrderByClause[]): Row[] {
  const keys = clauses.map((clause) => {
    if (!('field' in clause)) throw malformedQuery('unexpected token: functions in ORDER BY are not evaluated');
    const path = resolvePath(scope, clause.field);
    if (!path.field.sortable) {
      throw new ApiError(400, 'INVALID_FIELD', `field '${path.field.name}' can not be sorted in a query call`);
    }
    const key = keyOf(path.field);
    return {
      read: (row: Row) => key(valueAt(scope.org, row, path)),
      sign: clause.order === 'DESC' ? -1 : 1,
      nulls: clause.nulls === 'LAST' ? 1 : -1,
    };
  });
  const keyed = rows.map((row) => ({ row, values: keys.map((key) => key.read(row)) }));
  keyed.sort((left, right) => {
    for (const [index, { sign, nulls }] of keys.entries()) {
      const [a, b] = [left.values[index], right.values[index]];
      if (a === b) continue;
      if (a === null) return nulls;
      if (b === null) return -nulls;
      return (a as number) < (b as number) ? -sign : sign;
    }
    return 0;
  });
  return keyed.map(({ row }) => row);
}
