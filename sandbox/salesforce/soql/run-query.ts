import type { Query, QueryBase } from '@jetstreamapp/soql-parser-js';
import type { Org } from '../org/org.ts';
import { readValue } from '../org/read-value.ts';
import type { Row } from '../org/row-store.ts';
import { resolveColumns, type Columns } from './columns.ts';
import { conditionTree } from './condition-tree.ts';
import type { Scope } from './field-path.ts';
import { sortRows } from './order.ts';
import { parseSoql, refuseUnsupported } from './parse-soql.ts';
import { malformedQuery, noSuchEntity } from './query-error.ts';
import { compileWhere, type Condition } from './where.ts';

export interface QueryContext {
  org: Org;
  now_ms: number;
  /** Also rows in the recycle bin (`queryAll`). */
  withDeleted: boolean;
}

/** A query's matches, in order; rows never change once stored, so that this is also a snapshot. */
export interface QueryResult {
  scope: Scope;
  columns: Columns;
  rows: readonly Row[];
}

/** Parses and runs a statement. Errors: MALFORMED_QUERY, INVALID_FIELD, INVALID_TYPE, INVALID_QUERY_FILTER_OPERATOR. */
export function runQuery(context: QueryContext, soql: string): QueryResult {
  return evaluate(context, soql, parseSoql(soql));
}

function evaluate(context: QueryContext, soql: string, query: Query): QueryResult {
  const entity = context.org.schema.entity(query.sObject ?? '');
  if (!entity) throw noSuchEntity(soql, query.sObject ?? '');
  const scope: Scope = { org: context.org, soql, entity, alias: query.sObjectAlias };
  const columns = resolveColumns(scope, query.fields ?? []);
  return { scope, columns, rows: selectRows(context, scope, query) };
}

/** Filters, sorts and cuts; `among` limits the rows to start from (a parent's children). */
export function selectRows(context: QueryContext, scope: Scope, query: QueryBase, among?: Iterable<Row>): Row[] {
  refuseUnsupported(query);
  const where =
    query.where &&
    compileWhere(scope, conditionTree(query.where), context.now_ms, (inner) => innerIds(context, scope.soql, inner));
  const order = [query.orderBy ?? []].flat();
  const offset = query.offset ?? 0;
  const limit = query.limit ?? Number.POSITIVE_INFINITY;
  const enough = order.length === 0 ? offset + limit : Number.POSITIVE_INFINITY;

  let rows: Row[] = [];
  for (const row of among ?? candidates(scope, where)) {
    if (rows.length >= enough) break;
    if ((context.withDeleted || !row['IsDeleted']) && (where?.test(row) ?? true)) rows.push(row);
  }
  if (order.length > 0) rows = sortRows(scope, rows, order);
  return offset > 0 || rows.length > limit ? rows.slice(offset, offset + limit) : rows;
}

/** The rows worth testing: by id, by an indexed field, by SystemModstamp, else all. */
function candidates({ org, entity }: Scope, where: Condition | undefined): Iterable<Row> {
  const store = org.rows(entity);
  if (where?.keys) {
    const { field, values } = where.keys;
    if (field.type === 'id') return values.flatMap((id) => store.get(String(id)) ?? []);
    return values.flatMap((value) => store.find(field, value));
  }
  if (where?.range) return store.modifiedBetween(where.range.from, where.range.to);
  return store.all();
}

function innerIds(context: QueryContext, soql: string, query: Query): ReadonlySet<unknown> {
  const { columns, rows } = evaluate(context, soql, query);
  const path = columns === 'count' || columns.children.length > 0 ? undefined : columns.paths[0];
  if (columns === 'count' || !path || columns.paths.length !== 1 || path.steps.length > 0) {
    throw malformedQuery('The inner select of a semi-join must select exactly one id or reference field');
  }
  const { field } = path;
  if (field.type !== 'id' && field.type !== 'reference') {
    throw malformedQuery(`The inner select field '${field.name}' cannot be used as inner select: it is no id`);
  }
  // An empty lookup inside matches nothing outside.
  return new Set(rows.map((row) => readValue(row, field)).filter((id) => id !== null));
}
