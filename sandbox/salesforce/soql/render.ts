import type { Org } from '../org/org.ts';
import { readValue } from '../org/read-value.ts';
import type { Row } from '../org/row-store.ts';
import type { Field } from '../schema/field.ts';
import { resolveColumns } from './columns.ts';
import { follow, type FieldPath, type Scope } from './field-path.ts';
import { malformedQuery, noSuchChildRelationship } from './query-error.ts';
import { selectRows, type QueryContext, type QueryResult } from './run-query.ts';

type Json = Record<string, unknown>;

/** The start of every record in an answer. `base` is `/services/data/vXX.X`. */
function recordHead(org: Org, row: Row, base: string): Json {
  const type = org.schema.entityOfId(row.Id)?.name ?? '';
  return { attributes: { type, url: `${base}/sobjects/${type}/${row.Id}` } };
}

/** Fields of one row, those of parents nested under their relationship's name (null where the lookup is empty). */
function renderPaths(org: Org, row: Row, paths: readonly FieldPath[], base: string): Json {
  const record = recordHead(org, row, base);
  for (const { steps, field } of paths) {
    let at: Json = record;
    for (const [index, step] of steps.entries()) {
      const name = step.relationshipName ?? '';
      const parent = follow(org, row, steps.slice(0, index + 1));
      at[name] ??= parent ? recordHead(org, parent, base) : null;
      if (!parent) break;
      at = at[name] as Json;
    }
    const holder = follow(org, row, steps);
    if (holder) at[field.name] = readValue(holder, field);
  }
  return record;
}

/** Makes the function that renders the rows of a result; child lists are read when a row is rendered. */
export function renderer(context: QueryContext, result: QueryResult, base: string): (row: Row) => Json {
  const { scope, columns } = result;
  if (columns === 'count') throw malformedQuery('COUNT() has no records to render');
  const children = columns.children.map((query) => {
    const relation = scope.org.schema.childRelationship(scope.entity, query.relationshipName);
    if (!relation) throw noSuchChildRelationship(scope.soql, query.relationshipName);
    const childScope: Scope = { ...scope, entity: relation.child, alias: query.sObjectAlias };
    const childColumns = resolveColumns(childScope, query.fields ?? []);
    if (childColumns === 'count' || childColumns.children.length > 0) {
      throw malformedQuery('a child query can hold neither COUNT() nor another child query');
    }
    // Runs once on nothing, so that its faults show even where no row has children.
    selectRows(context, childScope, query, []);
    return { query, field: relation.field, scope: childScope, paths: childColumns.paths };
  });
  return (row) => {
    const record = renderPaths(scope.org, row, columns.paths, base);
    for (const { query, field, scope: childScope, paths } of children) {
      const rows = selectRows(context, childScope, query, childScope.org.rows(childScope.entity).find(field, row.Id));
      const records = rows.map((child) => renderPaths(scope.org, child, paths, base));
      record[field.childRelationshipName ?? ''] =
        records.length > 0 ? { totalSize: records.length, done: true, records } : null;
    }
    return record;
  };
}

/** One row with the given fields, as sObject rows and collections answer it. */
export function renderRow(org: Org, row: Row, fields: readonly Field[], base: string): Json {
  const record = recordHead(org, row, base);
  for (const field of fields) record[field.name] = readValue(row, field);
  return record;
}
