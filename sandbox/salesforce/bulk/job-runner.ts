import type { Faults } from '../../kit/faults.ts';
import { ApiError } from '../api-error.ts';
import { bulkTrouble } from '../dml/batch-trouble.ts';
import type { Session } from '../oauth/sessions.ts';
import type { Org } from '../org/org.ts';
import type { RestApi } from '../rest/rest-api.ts';
import { ok } from '../rest/api.ts';
import { readCsv } from './csv.ts';
import { errorText, ingestRow, refuseColumns } from './ingest-rows.ts';
import { isOver, keyOf, type BulkJob, type BulkJobs, type IngestResults } from './job.ts';
import type { QueryResults } from './query-results.ts';

/** Rows of one transaction, as triggers get them. Source: Bulk API 2.0 guide, how requests are processed. */
const slice = 200;
/** How long a job waits before it begins and between its slices, so that a caller sees it in each state. */
const pause_ms = 20;

export interface JobRunnerParts {
  jobs: BulkJobs;
  kept: QueryResults;
  orgs: ReadonlyMap<string, Org>;
  faults: Faults;
  now_ms: () => number;
  transact: RestApi['transact'];
}

/** Runs jobs in the background, one after the other, also those that a restart left behind. */
export class JobRunner {
  readonly #parts: JobRunnerParts;
  #timer: NodeJS.Timeout | undefined;
  /** The upload of the job that was run last. */
  #read: { key: string; csv: ReturnType<typeof readUpload> } | undefined;

  constructor(parts: JobRunnerParts) {
    this.#parts = parts;
  }

  /** A job may be there. */
  readonly kick = (): void => {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#step();
    }, pause_ms);
  };

  stop(): void {
    clearTimeout(this.#timer);
  }

  #step(): void {
    const { jobs, orgs, faults } = this.#parts;
    const job = jobs.next();
    if (!job) return;
    this.kick();
    const org = orgs.get(job.orgId) as Org;
    const facts = { org: org.orgId, object: job.object, kind: job.kind, processed: String(job.processed) };
    if (faults.take('bulk.wait', facts)) return;
    if (job.state === 'UploadComplete') jobs.save({ ...job, state: 'InProgress' });
    else if (job.kind === 'query') this.#query(org, job);
    else this.#ingest(org, job, faults.take('bulk.fail', facts) !== undefined);
  }

  #query(org: Org, job: BulkJob): void {
    const { jobs, kept, faults, now_ms } = this.#parts;
    const failed = faults.take('bulk.fail', { org: org.orgId, object: job.object, kind: job.kind });
    try {
      if (failed) throw new ApiError(400, 'API_ERROR', 'Query timed out after 15 retries');
      const processed = kept.run(org, job, now_ms());
      jobs.save({ ...job, state: 'JobComplete', processed, endedAt_ms: now_ms() });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      jobs.save({ ...job, state: 'Failed', errorMessage: error.message, endedAt_ms: now_ms() });
    }
  }

  #ingest(org: Org, job: BulkJob, breaks: boolean): void {
    const { jobs, now_ms } = this.#parts;
    const key = keyOf(org.orgId, job.id);
    if (this.#read?.key !== key) this.#read = { key, csv: readUpload(jobs.uploads.get(key) ?? '') };
    const { columns, rows, fault } = this.#read.csv;
    const before = jobs.results.get(key) ?? { columns, successful: [], failed: [], unprocessed: [] };
    const done = before.successful.length + before.failed.length;
    const end = (state: 'JobComplete' | 'Failed', errorMessage: string | null): void => {
      const after = { ...(jobs.results.get(key) ?? before), unprocessed: state === 'Failed' ? rows.slice(done) : [] };
      jobs.results.set(key, after);
      const processed = after.successful.length + after.failed.length;
      jobs.save({ ...job, state, processed, failed: after.failed.length, errorMessage, endedAt_ms: now_ms() });
    };
    // The vendor ends a job that does not come to an end, and tells what it has not touched.
    if (breaks) return end('Failed', 'InternalServerError : Job ended by an internal error');
    if (fault) return end('Failed', `${fault.errorCode} : ${fault.message}`);
    let after: IngestResults;
    try {
      after = this.#slice(org, job, columns, rows.slice(done, done + slice), before);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      return end('Failed', `${error.errorCode} : ${error.message}`);
    }
    if (isOver(jobs.get(org, 'ingest', job.id))) return;
    jobs.results.set(key, after);
    const processed = after.successful.length + after.failed.length;
    if (processed >= rows.length) return end('JobComplete', null);
    jobs.save({ ...job, processed, failed: after.failed.length });
  }

  /** One transaction: refused rows are taken back, the others stay. */
  #slice(
    org: Org,
    job: BulkJob,
    columns: readonly string[],
    rows: readonly string[][],
    before: IngestResults,
  ): IngestResults {
    const entity = org.schema.entity(job.object);
    if (!entity) throw new ApiError(400, 'INVALIDENTITY', `Unable to find object: ${job.object}`);
    const [successful, failed] = [[...before.successful], [...before.failed]];
    const session: Session = {
      accessToken: '',
      orgId: job.orgId,
      userId: job.userId,
      clientId: job.clientId,
      kind: job.person ? 'person' : 'app',
      issuedAt_ms: job.createdAt_ms,
    };
    let refused: ApiError | undefined;
    this.#parts.transact(org, session, job.changeOrigin, (tx) => {
      try {
        refuseColumns(tx, entity, columns);
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        refused = error;
        return ok(null);
      }
      const trouble = bulkTrouble(tx, entity, rows.length);
      for (const values of rows) {
        const savepoint = tx.savepoint();
        try {
          if (trouble) throw trouble;
          const { id, created } = ingestRow(tx, job, entity, columns, values);
          successful.push([id, String(created), ...values]);
        } catch (error) {
          if (!(error instanceof ApiError)) throw error;
          tx.rollback(savepoint);
          const id = values[columns.indexOf('Id')] ?? '';
          failed.push([id, errorText(error), ...values]);
        }
      }
      return ok(null);
    });
    if (refused) throw refused;
    return { columns: [...columns], successful, failed, unprocessed: [] };
  }
}

/** An upload that is no CSV fails its job. */
function readUpload(text: string): ReturnType<typeof readCsv> & { fault?: ApiError } {
  try {
    return readCsv(text);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { columns: [], rows: [], fault: error };
  }
}
