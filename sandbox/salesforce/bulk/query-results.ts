import type { Org } from '../org/org.ts';
import type { Row } from '../org/row-store.ts';
import { valueAt } from '../soql/field-path.ts';
import { runQuery } from '../soql/run-query.ts';
import { keyOf, type BulkJob } from './job.ts';

interface Rows {
  columns: string[];
  rows: string[][];
}

/** Rows of a chunk of the primary key. */
const chunkRows = 1_000;

/**
 * What finished query jobs found, as of when they ran. Kept in memory: after a restart a job's query runs again when it is
 * asked for.
 */
export class QueryResults {
  readonly #kept = new Map<string, Rows>();

  /** Runs the query of a job and keeps its rows. Throws ApiError. Answers how many there are. */
  run(org: Org, job: BulkJob, now_ms: number): number {
    const context = { org, now_ms, withDeleted: job.operation === 'queryAll' };
    const { columns, rows } = runQuery(context, job.soql ?? '');
    if (columns === 'count') throw new Error('a count was refused when the job was made');
    const found = isOrdered(job) ? rows : byChunks(rows);
    this.#kept.set(keyOf(org.orgId, job.id), {
      columns: columns.paths.map(({ steps, field }) =>
        [...steps.map((step) => step.relationshipName), field.name].join('.'),
      ),
      rows: found.map((row) => columns.paths.map((path) => asText(valueAt(org, row, path)))),
    });
    return rows.length;
  }

  of(org: Org, job: BulkJob): Rows {
    const key = keyOf(org.orgId, job.id);
    if (!this.#kept.has(key)) this.run(org, job, job.endedAt_ms ?? job.createdAt_ms);
    return this.#kept.get(key) as Rows;
  }

  forget(job: BulkJob): void {
    this.#kept.delete(keyOf(job.orgId, job.id));
  }

  clear(): void {
    this.#kept.clear();
  }
}

const isOrdered = ({ soql }: BulkJob): boolean => /\border\s+by\b/i.test(soql ?? '');

/**
 * The chunks are queried side by side and come as they finish: nobody may count on an order. Here the last comes first.
 * Source: Bulk API 2.0 and Bulk API developer guide, Chunking Query Jobs.
 */
function byChunks(rows: readonly Row[]): Row[] {
  const sorted = rows.toSorted((a, b) => (a.Id < b.Id ? -1 : 1));
  const chunks: Row[][] = [];
  for (let from = 0; from < sorted.length; from += chunkRows)
    chunks.push(sorted.slice(from, from + chunkRows).toReversed());
  return chunks.toReversed().flat();
}

/** As CSV has it: nothing for null, instants with a Z. Source: Bulk API 2.0 guide, valid date formats in records. */
function asText(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value.replace(/^(\d{4}-\d{2}-\d{2}T[\d:.]+)\+0000$/, '$1Z');
  return JSON.stringify(value);
}
