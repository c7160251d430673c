import { z } from 'zod';
import { ApiError } from '../api-error.ts';
import type { Org } from '../org/org.ts';
import { ok, type ApiAnswer, type Call, type Route } from '../rest/api.ts';
import { parseSoql } from '../soql/parse-soql.ts';
import { runQuery } from '../soql/run-query.ts';
import { writeCsv } from './csv.ts';
import { isOver, jobInfo, wrongState, type BulkJob, type BulkJobs } from './job.ts';
import { listJobs, makeJob, readBody } from './job-routes.ts';
import type { QueryResults } from './query-results.ts';

const querySchema = z.strictObject({
  operation: z.enum(['query', 'queryAll']),
  query: z.string(),
  contentType: z.literal('CSV').optional(),
  columnDelimiter: z.literal('COMMA').optional(),
  lineEnding: z.enum(['LF', 'CRLF']).default('LF'),
});

/** Source: limits cheat sheet, Bulk API 2.0 query jobs in 24 hours. */
export const dailyQueryJobs = ({ profile }: Org): number => profile.dailyBulkQueryJobs ?? 10_000;
/** As many rows as a page has where the caller says nothing; the vendor chooses by size. */
const defaultPage = 50_000;

/**
 * What Bulk queries do not have. Source: Bulk API 2.0 and Bulk API developer guide, SOQL considerations: GROUP BY, OFFSET,
 * TYPEOF, aggregates, compound addresses, parent-to-child queries.
 */
function refuseForBulk(call: Call, soql: string): void {
  const parsed = parseSoql(soql);
  const no = (what: string): ApiError =>
    new ApiError(400, 'API_ERROR', `${what} is not supported in Bulk API 2.0 query`);
  if (parsed.offset !== undefined) throw no('OFFSET');
  const { columns } = runQuery(
    { org: call.org, now_ms: call.tx.now_ms, withDeleted: false },
    firstRow(soql, parsed.limit),
  );
  if (columns === 'count') throw no('Aggregate function');
  if (columns.children.length > 0) throw no('Parent-to-child relationship query');
  if (columns.paths.some(({ field }) => field.type === 'address')) throw no('Compound address field');
}

const firstRow = (soql: string, limit: number | undefined): string => (limit === undefined ? `${soql} LIMIT 1` : soql);

/** Query jobs. Source: Bulk API 2.0 and Bulk API developer guide, Query. */
export function queryJobRoutes(jobs: BulkJobs, kept: QueryResults, started: () => void): readonly Route[] {
  const jobOf = (call: Call): BulkJob => jobs.get(call.org, 'query', call.params['id'] ?? '');

  function results(call: Call): ApiAnswer {
    const job = jobOf(call);
    if (job.state !== 'JobComplete') throw wrongState(`Results of a job in state ${job.state} are not there`);
    const { columns, rows } = kept.of(call.org, job);
    const locator = call.request.query.get('locator');
    const from = locator === null ? 0 : Number(Buffer.from(locator, 'base64url').toString('utf8'));
    if (!Number.isInteger(from) || from < 0 || (from > 0 && from >= rows.length))
      throw new ApiError(400, 'INVALID_QUERY_LOCATOR', 'invalid query locator');
    const asked = call.request.query.get('maxRecords');
    const to = Math.min(rows.length, from + (asked === null ? defaultPage : Math.max(1, Number(asked))));
    const page = rows.slice(from, to);
    return {
      status: 200,
      // Each page has its head; the word `null` stands where no page follows (Get Results for a Query Job).
      headers: {
        'sforce-numberofrecords': String(page.length),
        'sforce-locator': to < rows.length ? Buffer.from(String(to)).toString('base64url') : 'null',
      },
      csv: writeCsv([columns, ...page], job.lineEnding),
    };
  }

  return [
    {
      method: 'POST',
      pattern: '/jobs/query',
      handler: (call) => {
        const { operation, query, lineEnding } = readBody(call, querySchema);
        refuseForBulk(call, query);
        if (jobs.madeToday(call.org, 'query') >= dailyQueryJobs(call.org))
          throw new ApiError(400, 'LIMIT_EXCEEDED', 'DailyBulkV2QueryJobs Limit exceeded.');
        const object = call.org.schema.entity(parseSoql(query).sObject ?? '')?.name ?? '';
        const job = makeJob(call, jobs, { kind: 'query', operation, object, soql: query, lineEnding });
        started();
        return ok(jobInfo(job));
      },
    },
    listJobs('query', jobs),
    { method: 'GET', pattern: '/jobs/query/:id', handler: (call) => ok(jobInfo(jobOf(call))) },
    { method: 'GET', pattern: '/jobs/query/:id/results', query: ['locator', 'maxRecords'], handler: results },
    {
      method: 'PATCH',
      pattern: '/jobs/query/:id',
      handler: (call) => {
        readBody(call, z.strictObject({ state: z.literal('Aborted') }));
        const job = jobOf(call);
        if (isOver(job)) throw wrongState(`Aborting already ${job.state} Job not allowed`);
        return ok(jobInfo(jobs.save({ ...job, state: 'Aborted', endedAt_ms: call.tx.now_ms })));
      },
    },
    {
      method: 'DELETE',
      pattern: '/jobs/query/:id',
      handler: (call) => {
        const job = jobOf(call);
        if (!isOver(job)) throw wrongState(`Deleting a Job in state ${job.state} not allowed`);
        jobs.delete(job);
        kept.forget(job);
        return { status: 204 };
      },
    },
  ];
}
