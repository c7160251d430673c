import type { z } from 'zod';
import { ApiError } from '../api-error.ts';
import { ok, type Call, type Route } from '../rest/api.ts';
import { jobInfo, type BulkJob, type BulkJobs } from './job.ts';

const listed = 1_000;

/** A body by its schema; what it does not name is refused. */
export function readBody<T>({ request }: Call, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(request.body());
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new ApiError(400, 'JSON_PARSER_ERROR', `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`);
}

export function makeJob(
  { org, tx, request, userId, client }: Call,
  jobs: BulkJobs,
  job: Pick<BulkJob, 'kind' | 'operation' | 'object' | 'lineEnding'> &
    Partial<Pick<BulkJob, 'soql' | 'externalIdFieldName'>>,
): BulkJob {
  return jobs.add({
    soql: null,
    externalIdFieldName: null,
    errorMessage: null,
    ...job,
    orgId: org.orgId,
    state: job.kind === 'query' ? 'UploadComplete' : 'Open',
    version: request.version,
    userId,
    clientId: client.id,
    person: client.isPerson,
    changeOrigin: tx.actor.changeOrigin,
  });
}

/** The org's jobs of a kind, the newest first. Source: Bulk API 2.0 and Bulk API developer guide, Get Information About All Jobs. */
export function listJobs(kind: BulkJob['kind'], jobs: BulkJobs): Route {
  return {
    method: 'GET',
    pattern: `/jobs/${kind}`,
    handler: ({ org }) => {
      const all = jobs.list(org, kind);
      return ok({ done: all.length <= listed, records: all.slice(0, listed).map(jobInfo), nextRecordsUrl: null });
    },
  };
}
