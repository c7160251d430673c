import type { Clock } from '../../kit/clock.ts';
import type { Collection, Storage } from '../../kit/storage.ts';
import { ApiError, notFound } from '../api-error.ts';
import { apiInstant } from '../instant.ts';
import { normaliseId, recordId } from '../record-id.ts';
import type { Org } from '../org/org.ts';

export type JobState = 'Open' | 'UploadComplete' | 'InProgress' | 'JobComplete' | 'Failed' | 'Aborted';

/** One job of Bulk API 2.0, as it is stored. */
export interface BulkJob {
  id: string;
  orgId: string;
  kind: 'query' | 'ingest';
  operation: string;
  object: string;
  state: JobState;
  /** Of a query. */
  soql: string | null;
  /** Of an upsert. */
  externalIdFieldName: string | null;
  lineEnding: 'LF' | 'CRLF';
  version: string;
  /** Who made it, and how its changes are signed. */
  userId: string;
  clientId: string;
  person: boolean;
  changeOrigin: string;
  createdAt_ms: number;
  changedAt_ms: number;
  endedAt_ms: number | null;
  processed: number;
  failed: number;
  errorMessage: string | null;
}

/** What became of the rows of an ingest job; lines of CSV without their heads. */
export interface IngestResults {
  columns: string[];
  successful: string[][];
  failed: string[][];
  unprocessed: string[][];
}

/** Jobs and their data are kept for seven days. Source: Bulk API 2.0 and Bulk API developer guide, limits. */
const kept_ms = 7 * 86_400_000;
const day_ms = 86_400_000;

/** The jobs of all orgs, durable: a restart goes on with them. */
export class BulkJobs {
  readonly #storage: Storage;
  readonly #clock: Clock;

  constructor(storage: Storage, clock: Clock) {
    this.#storage = storage;
    this.#clock = clock;
  }

  /** The rows as they were uploaded. */
  get uploads(): Collection<string> {
    return this.#storage.collection<string>('bulk-upload');
  }

  get results(): Collection<IngestResults> {
    return this.#storage.collection<IngestResults>('bulk-result');
  }

  add(job: Omit<BulkJob, 'id' | 'createdAt_ms' | 'changedAt_ms' | 'endedAt_ms' | 'processed' | 'failed'>): BulkJob {
    const now_ms = this.#clock.now_ms();
    const id = recordId('750', this.#storage.next(`id:${job.orgId}:750`));
    const added = { ...job, id, createdAt_ms: now_ms, changedAt_ms: now_ms, endedAt_ms: null, processed: 0, failed: 0 };
    this.#jobs.set(keyOf(job.orgId, id), added);
    return added;
  }

  save(job: BulkJob): BulkJob {
    const saved = { ...job, changedAt_ms: this.#clock.now_ms() };
    this.#jobs.set(keyOf(job.orgId, job.id), saved);
    return saved;
  }

  /** NOT_FOUND for a job of another org or kind, and for one that is older than seven days. */
  get({ orgId }: Org, kind: BulkJob['kind'], id: string): BulkJob {
    const job = this.#jobs.get(keyOf(orgId, normaliseId(id) ?? ''));
    if (job?.kind !== kind || job.createdAt_ms < this.#clock.now_ms() - kept_ms) throw notFound();
    return job;
  }

  delete(job: BulkJob): void {
    for (const collection of [this.#jobs, this.uploads, this.results]) collection.delete(keyOf(job.orgId, job.id));
  }

  /** The org's jobs of a kind, the newest first. */
  list({ orgId }: Org, kind: BulkJob['kind']): BulkJob[] {
    return [...this.#jobs.values()].filter((job) => job.orgId === orgId && job.kind === kind).toReversed();
  }

  /** The oldest job that wants to be run, of any org. */
  next(): BulkJob | undefined {
    return [...this.#jobs.values()].find(({ state }) => state === 'UploadComplete' || state === 'InProgress');
  }

  /** How many of a kind were made in the last 24 hours. */
  madeToday(org: Org, kind: BulkJob['kind']): number {
    return this.list(org, kind).filter((job) => job.createdAt_ms > this.#clock.now_ms() - day_ms).length;
  }

  get #jobs(): Collection<BulkJob> {
    return this.#storage.collection<BulkJob>('bulk-job');
  }
}

/** The key of what is stored beside a job. */
export const keyOf = (orgId: string, id: string): string => `${orgId}:${id}`;

export const isOver = ({ state }: BulkJob): boolean => ['JobComplete', 'Failed', 'Aborted'].includes(state);

/** A call that the job's state does not allow. Source: Bulk API 2.0 and Bulk API developer guide, errors: INVALIDJOBSTATE. */
export const wrongState = (message: string): ApiError => new ApiError(400, 'INVALIDJOBSTATE', message);

/** A job as the API shows it. Source: Bulk API 2.0 and Bulk API developer guide, Get Information About a (Query) Job. */
export function jobInfo(job: BulkJob): Record<string, unknown> {
  const ended = job.endedAt_ms !== null;
  const isQuery = job.kind === 'query';
  return {
    id: job.id,
    operation: job.operation,
    object: job.object,
    createdById: job.userId,
    createdDate: apiInstant(job.createdAt_ms),
    systemModstamp: apiInstant(job.changedAt_ms),
    state: job.state,
    concurrencyMode: 'Parallel',
    contentType: 'CSV',
    apiVersion: Number(job.version),
    jobType: isQuery ? 'V2Query' : 'V2Ingest',
    lineEnding: job.lineEnding,
    columnDelimiter: 'COMMA',
    ...(isQuery ? {} : { contentUrl: `services/data/v${job.version}/jobs/ingest/${job.id}/batches` }),
    ...(job.externalIdFieldName === null ? {} : { externalIdFieldName: job.externalIdFieldName }),
    ...(job.errorMessage === null ? {} : { errorMessage: job.errorMessage }),
    ...(ended || job.state === 'InProgress' ? { numberRecordsProcessed: job.processed, retries: 0 } : {}),
    ...(isQuery || job.state === 'Open' ? {} : { numberRecordsFailed: job.failed }),
    ...(ended ? { totalProcessingTime: (job.endedAt_ms ?? 0) - job.createdAt_ms } : {}),
    ...(isQuery ? { isPkChunkingSupported: true } : {}),
  };
}
