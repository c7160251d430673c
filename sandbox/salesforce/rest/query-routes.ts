import { ApiError } from '../api-error.ts';
import type { Row } from '../org/row-store.ts';
import { renderer } from '../soql/render.ts';
import { runQuery } from '../soql/run-query.ts';
import { ok, type ApiAnswer, type Call, type Route } from './api.ts';
import type { QueryCursors } from './query-cursors.ts';

const defaultBatch = 2000;
const minBatch = 200;

/** `Sforce-Query-Options: batchSize=n`, kept within 200 and 2,000. */
function batchSize({ request }: Call): number {
  const asked = /batchSize\s*=\s*(\d+)/i.exec(request.header('sforce-query-options'))?.[1];
  return asked ? Math.min(defaultBatch, Math.max(minBatch, Number(asked))) : defaultBatch;
}

/** SOQL over REST, page by page. Source: REST API guide, Query, QueryAll, Query Options header. */
export function queryRoutes(cursors: QueryCursors): readonly Route[] {
  function page(
    call: Call,
    records: readonly unknown[],
    render: (one: never) => unknown,
    from: number,
    locator?: string,
  ): ApiAnswer {
    const to = Math.min(records.length, from + batchSize(call));
    const done = to >= records.length;
    const open = (): string => cursors.open({ userId: call.userId, records, render });
    return ok({
      totalSize: records.length,
      done,
      ...(done ? {} : { nextRecordsUrl: `${call.base}/query/${locator ?? open()}-${to}` }),
      records: records.slice(from, to).map((record) => render(record as never)),
    });
  }

  const run = (withDeleted: boolean) => (call: Call) => {
    const soql = call.request.query.get('q');
    if (!soql) throw new ApiError(400, 'MALFORMED_QUERY', 'A query string has to be specified');
    const context = { org: call.org, now_ms: call.tx.now_ms, withDeleted };
    const result = runQuery(context, soql);
    if (result.columns === 'count') return ok({ totalSize: result.rows.length, done: true, records: [] });
    const render: (row: Row) => unknown = renderer(context, result, call.base);
    return page(call, result.rows, render, 0);
  };

  const more = (call: Call): ApiAnswer => {
    const [, locator = '', at = ''] = /^(.+)-(\d+)$/.exec(call.params['locator'] ?? '') ?? [];
    const cursor = cursors.get(locator, call.userId);
    if (Number(at) >= cursor.records.length) throw new ApiError(400, 'INVALID_QUERY_LOCATOR', 'invalid query locator');
    return page(call, cursor.records, cursor.render, Number(at), locator);
  };

  return [
    { method: 'GET', pattern: '/query', query: ['q'], handler: run(false) },
    { method: 'GET', pattern: '/queryAll', query: ['q'], handler: run(true) },
    { method: 'GET', pattern: '/query/:locator', handler: more },
    { method: 'GET', pattern: '/queryAll/:locator', handler: more },
  ];
}
