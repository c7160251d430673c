import { z } from 'zod';
import { ApiError } from '../api-error.ts';
import { ok, type ApiAnswer, type Call, type Route } from '../rest/api.ts';
import { keyFieldOf } from '../rest/find.ts';
import { writeCsv } from './csv.ts';
import { isOver, jobInfo, keyOf, wrongState, type BulkJob, type BulkJobs, type IngestResults } from './job.ts';
import { listJobs, makeJob, readBody } from './job-routes.ts';

const ingestSchema = z.strictObject({
  object: z.string(),
  operation: z.enum(['insert', 'update', 'upsert', 'delete']),
  externalIdFieldName: z.string().optional(),
  contentType: z.literal('CSV').optional(),
  columnDelimiter: z.literal('COMMA').optional(),
  lineEnding: z.enum(['LF', 'CRLF']).default('LF'),
});

/**
 * The largest upload. The vendor measures after it has made base64 of it, half as large again, and so advises 100 MB.
 * Source: Bulk API 2.0 and Bulk API developer guide, Upload Job Data.
 */
export const maxUpload_bytes = 150 * 1024 * 1024;

/** Ingest jobs. Source: Bulk API 2.0 and Bulk API developer guide, Ingest. */
export function ingestJobRoutes(jobs: BulkJobs, started: () => void): readonly Route[] {
  const jobOf = (call: Call): BulkJob => jobs.get(call.org, 'ingest', call.params['id'] ?? '');

  const results =
    (what: 'successful' | 'failed' | 'unprocessed', heads: readonly string[]) =>
    (call: Call): ApiAnswer => {
      const job = jobOf(call);
      if (!isOver(job)) throw wrongState(`Results of a job in state ${job.state} are not there`);
      const stored = jobs.results.get(keyOf(job.orgId, job.id)) ?? noResults;
      return { status: 200, csv: writeCsv([[...heads, ...stored.columns], ...stored[what]], job.lineEnding) };
    };

  function change(call: Call): ApiAnswer {
    const { state } = readBody(call, z.strictObject({ state: z.enum(['UploadComplete', 'Aborted']) }));
    const job = jobOf(call);
    if (state === 'Aborted') {
      if (isOver(job)) throw wrongState(`Aborting already ${job.state} Job not allowed`);
      return ok(jobInfo(jobs.save({ ...job, state, endedAt_ms: call.tx.now_ms })));
    }
    if (job.state !== 'Open') throw wrongState(`Closing already ${job.state} Job not allowed`);
    const closed = jobs.save({ ...job, state });
    started();
    return ok(jobInfo(closed));
  }

  return [
    {
      method: 'POST',
      pattern: '/jobs/ingest',
      handler: (call) => {
        const { object, operation, externalIdFieldName, lineEnding } = readBody(call, ingestSchema);
        const entity = call.org.schema.entity(object);
        if (!entity) throw new ApiError(400, 'INVALIDENTITY', `Unable to find object: ${object}`);
        if ((operation === 'upsert') !== (externalIdFieldName !== undefined))
          throw new ApiError(400, 'INVALIDJOB', 'External ID field is needed for upsert, and for nothing else');
        const key = externalIdFieldName === undefined ? null : keyFieldOf(entity, externalIdFieldName).name;
        const made = { kind: 'ingest', operation, object: entity.name, externalIdFieldName: key, lineEnding } as const;
        return ok(jobInfo(makeJob(call, jobs, made)));
      },
    },
    listJobs('ingest', jobs),
    { method: 'GET', pattern: '/jobs/ingest/:id', handler: (call) => ok(jobInfo(jobOf(call))) },
    { method: 'PATCH', pattern: '/jobs/ingest/:id', handler: change },
    {
      method: 'PUT',
      pattern: '/jobs/ingest/:id/batches',
      handler: (call) => {
        const job = jobOf(call);
        if (job.state !== 'Open') throw wrongState(`Uploading to a Job in state ${job.state} not allowed`);
        if (!/^text\/csv\b/i.test(call.request.header('content-type')))
          throw new ApiError(400, 'INVALIDCONTENTTYPE', 'The data of a job must be text/csv');
        if (jobs.uploads.get(keyOf(job.orgId, job.id)) !== undefined)
          throw wrongState('Found multiple contents for job: one upload is all a job takes');
        jobs.uploads.set(keyOf(job.orgId, job.id), call.request.text());
        return { status: 201 };
      },
    },
    {
      method: 'GET',
      pattern: '/jobs/ingest/:id/successfulResults',
      handler: results('successful', ['sf__Id', 'sf__Created']),
    },
    { method: 'GET', pattern: '/jobs/ingest/:id/failedResults', handler: results('failed', ['sf__Id', 'sf__Error']) },
    { method: 'GET', pattern: '/jobs/ingest/:id/unprocessedrecords', handler: results('unprocessed', []) },
    {
      method: 'DELETE',
      pattern: '/jobs/ingest/:id',
      handler: (call) => {
        const job = jobOf(call);
        if (job.state === 'InProgress') throw wrongState('Deleting a Job in state InProgress not allowed');
        jobs.delete(job);
        return { status: 204 };
      },
    },
  ];
}

const noResults: IngestResults = { columns: [], successful: [], failed: [], unprocessed: [] };
