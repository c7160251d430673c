import { stringify } from 'csv-stringify/sync';
import { z } from 'zod';
import { chunks } from '../../protocol/chunks.ts';
import type { JobOutcome, RowOutcome, RowWrite, WriteJobs } from '../../protocol/crm-connector.ts';
import { Gone, RetryLater } from '../../protocol/errors.ts';
import type { VendorValue } from '../../protocol/fields.ts';
import type { Purpose } from '../../protocol/purpose.ts';
import { byParent } from './by-parent.ts';
import type { Call, Calls } from './calls.ts';
import { contactRolesField } from './contact-roles.ts';
import { csvCall } from './csv-call.ts';
import type { Describes } from './describes.ts';
import { translateRow, type ErrorItem } from './errors.ts';
import { asScalar } from './write.ts';

/** Bulk API 2.0 guide, "Get Job Info". */
const jobAnswer = z.looseObject({ id: z.string(), state: z.string() });

/** Bulk API 2.0 guide: jobs suit more than 2,000 rows. */
const above = 2_000;
const most = 10_000;
/** Values of the rows of one job. CSV doubles quotes at worst, so that an upload stays below the 100 MB that the guide advises. */
const most_bytes = 45_000_000;
/** An upload, or all results of one sort, may take so long. */
const transfer_ms = 5 * 60_000;
const rowsPerChunk = 200;
/** Bulk API limits: characters in a field. */
const longestField = 32_000;
/** What CSV says for null; an empty value says nothing (Bulk API 2.0 guide, Prepare CSV Files). */
const cleared = '#N/A';
const rowsPerPage = 1_000;
const pause_ms = 1_000;

/** Makes rows by ingest jobs of Bulk API 2.0. */
export function ingestJobs(calls: Calls, describes: Describes): WriteJobs {
  const ask = (
    request: { method: 'GET' | 'POST' | 'PATCH'; path: string; body?: object },
    object: string,
    purpose: Purpose,
  ): Promise<z.infer<typeof jobAnswer>> => {
    const call: Call<z.infer<typeof jobAnswer>> = {
      ...request,
      path: `/jobs/ingest${request.path}`,
      // What a lost answer hides is asked for by `state`.
      effect: request.method === 'PATCH' ? 'write' : 'read',
      object,
      count: 1,
      purpose,
      answer: jobAnswer,
    };
    return calls.call(call);
  };

  return {
    above,
    most,
    carries(rows) {
      let bytes = 0;
      return rows.filter((row) => {
        const isFit = Object.entries(row.fields).every(
          ([name, value]) => name !== contactRolesField.name && fits(value),
        );
        const size = isFit ? bytesOf(row) : Infinity;
        if (bytes + size > most_bytes) return false;
        bytes += size;
        return true;
      });
    },

    async make(object, idField, purpose) {
      const upsert = { operation: 'upsert', externalIdFieldName: idField };
      const body = { object, ...upsert, contentType: 'CSV', columnDelimiter: 'COMMA', lineEnding: 'LF' };
      return (await ask({ method: 'POST', path: '', body }, object, purpose)).id;
    },

    async send(job, object, idField, rows, purpose) {
      // So that the object's lookups are known: rows of one parent go together.
      await describes.get(object);
      const inOrder = byParent(rows, describes.parents(object));
      const body = (): Iterable<string> => toCsv(idField, inOrder);
      const path = `/jobs/ingest/${job}/batches`;
      await csvCall(
        calls,
        { method: 'PUT', path, body, effect: 'write', object, count: rows.length, purpose, timeout_ms: transfer_ms },
        async () => undefined,
      );
      await ask({ method: 'PATCH', path: `/${job}`, body: { state: 'UploadComplete' } }, object, purpose);
    },

    async state(job, object, purpose) {
      try {
        const { state } = await ask({ method: 'GET', path: `/${job}` }, object, purpose);
        if (state === 'Open') return 'unsent';
        return state === 'UploadComplete' || state === 'InProgress' ? 'running' : 'over';
      } catch (error) {
        if (error instanceof Gone) return 'gone';
        throw error;
      }
    },

    async abandon(job, object, purpose) {
      await ask({ method: 'PATCH', path: `/${job}`, body: { state: 'Aborted' } }, object, purpose);
    },

    async *outcomes(job, object, idField, purpose) {
      for (const [result, outcomeOf] of results(calls)) {
        const path = `/jobs/ingest/${job}/${result}`;
        const call = {
          method: 'GET',
          path,
          effect: 'read',
          object,
          count: most,
          purpose,
          timeout_ms: transfer_ms,
        } as const;
        // Read whole before the first is handed on: nobody keeps the vendor waiting while rows are stored.
        const found = await csvCall(calls, call, async (answer) => {
          const rows: JobOutcome[] = [];
          for await (const row of answer.rows) rows.push({ recordId: row[idField] ?? '', outcome: outcomeOf(row) });
          return rows;
        });
        for (let from = 0; from < found.length; from += rowsPerPage) yield found.slice(from, from + rowsPerPage);
      }
    },
  };
}

/** A row of a result carries what was uploaded, our id among it. */
type Line = Readonly<Record<string, string>>;

function results(calls: Calls): [string, (row: Line) => RowOutcome][] {
  const failed = (error: Error): RowOutcome => ({ status: 'failed', error });
  const now_ms = (): number => calls.clock.now_ms();
  return [
    ['successfulResults', (row) => ({ status: 'ok', externalId: row['sf__Id'] ?? '', row: null })],
    ['failedResults', (row) => failed(translateRow([errorOf(row['sf__Error'] ?? '')], row['sf__Error'], now_ms()))],
    [
      'unprocessedrecords',
      () => failed(new RetryLater('Salesforce ended the job before this row.', now_ms() + pause_ms)),
    ],
  ];
}

/** `CODE:message:FIELD, FIELD --` (Bulk API 2.0 guide, "Get Job Failed Record Results"). */
function errorOf(text: string): ErrorItem {
  const [, statusCode, message = text, fields = ''] = /^([A-Z_]+):([\s\S]*):([^:]*?) --$/.exec(text) ?? [];
  return { ...(statusCode !== undefined && { statusCode }), message, fields: fields === '' ? [] : fields.split(', ') };
}

/** A value that means what it says in CSV: not the mark for null, and no longer than a field may be. */
function fits(value: VendorValue): boolean {
  const text = asScalar(value);
  return typeof text !== 'string' || (text !== cleared && text.length <= longestField);
}

/** Bytes of a row's values, a separator each. */
function bytesOf({ recordId, fields }: RowWrite): number {
  const texts = [recordId, ...Object.values(fields).map((value) => asText(value ?? null))];
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text) + 1, 0);
}

/** Some rows at a time: never all of an upload as one text. */
function* toCsv(idField: string, rows: readonly RowWrite[]): Iterable<string> {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row.fields)))];
  const columns = names.filter((name) => name !== idField);
  yield stringify([[idField, ...columns]]);
  for (const some of chunks(rows, rowsPerChunk)) {
    const lines = some.map((row) => [
      row.recordId,
      ...columns.map((name) => {
        const value = row.fields[name];
        return value === undefined ? '' : asText(value);
      }),
    ]);
    yield stringify(lines);
  }
}

/** An empty text would be ignored: it clears, as null does. */
function asText(value: VendorValue): string {
  const scalar = asScalar(value);
  return scalar === null || scalar === '' ? cleared : String(scalar);
}
