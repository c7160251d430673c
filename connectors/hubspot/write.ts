import { z } from 'zod';
import type { RowOutcome, RowWrite } from '../../protocol/crm-connector.ts';
import type { Purpose } from '../../protocol/purpose.ts';
import { Gone, Reconnect, Rejected, RetryLater, Uncertain } from '../../protocol/errors.ts';
import type { VendorValue } from '../../protocol/fields.ts';
import { writeAssociations } from './association-writes.ts';
import type { Calls } from './calls.ts';
import { chunks } from '../../protocol/chunks.ts';
import { isNotGranted, readErrorBody, translateEntry } from './errors.ts';
import { objectType, type ObjectType } from './object-types.ts';
import { batchSize } from './read.ts';
import { entries, hubspotObject, properties, toRow } from './rows.ts';
import { objectPath } from './version.ts';

/** What every step of one `write` needs. */
interface Writing {
  calls: Calls;
  type: ObjectType;
  idField: string;
  fields: readonly string[];
  purpose: Purpose;
  outcomes: Map<RowWrite, RowOutcome>;
  /** No more calls now: the vendor asked for a pause, or the grant is gone. */
  stop: Error | undefined;
}

const writeAnswer = z.looseObject({ results: z.array(hubspotObject), errors: entries.optional() });

/** Writes rows: properties first (new rows as upserts on `idField`), then the associations of those that were taken. */
export async function writeRows(
  calls: Calls,
  object: string,
  idField: string,
  rows: readonly RowWrite[],
  fields: readonly string[],
  purpose: Purpose,
): Promise<RowOutcome[]> {
  const type = objectType(object);
  const writing: Writing = { calls, type, idField, fields, purpose, outcomes: new Map(), stop: undefined };
  const isNew = (row: RowWrite): boolean => row.externalId === null;
  for (const row of rows.filter((row) => !isNew(row) && properties(Object.keys(row.fields)).length === 0)) {
    writing.outcomes.set(row, { status: 'ok', externalId: row.externalId ?? '', row: null });
  }
  const open = rows.filter((row) => !writing.outcomes.has(row));
  for (const verb of ['upsert', 'update'] as const) {
    const some = open.filter((row) => isNew(row) === (verb === 'upsert'));
    for (const slice of chunks(some, batchSize)) await send(writing, verb, slice);
  }
  if (!writing.stop) await writeAssociations({ calls, type, purpose, outcomes: writing.outcomes });
  return rows.map((row) => writing.outcomes.get(row) ?? unansweredRow());
}

/**
 * One batch. HubSpot refuses a whole batch for one bad row and does not always say which: a refused batch is halved until
 * the bad row stands alone, so that the others go through.
 */
async function send(writing: Writing, verb: 'upsert' | 'update', rows: readonly RowWrite[]): Promise<void> {
  const { calls, type, purpose, outcomes } = writing;
  if (writing.stop) {
    for (const row of rows) outcomes.set(row, { status: 'failed', error: writing.stop });
    return;
  }
  try {
    const answer = await calls.call({
      method: 'POST',
      path: objectPath(type.pathName, 'batch', verb),
      body: { inputs: rows.map((row, index) => input(writing, verb, row, String(index))) },
      effect: 'write',
      object: type.name,
      count: rows.length,
      purpose,
      answer: writeAnswer,
    });
    settle(writing, rows, answer);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (error instanceof RetryLater || error instanceof Reconnect) writing.stop = error;
    const splittable = error instanceof Rejected || error instanceof Gone;
    const refused = splittable ? refusedTogether(error, rows) : rows;
    for (const row of refused) outcomes.set(row, { status: 'failed', error });
    const rest = rows.filter((row) => !outcomes.has(row));
    const middle = refused.length > 0 ? rest.length : Math.ceil(rest.length / 2);
    for (const part of [rest.slice(0, middle), rest.slice(middle)]) {
      if (part.length > 0) await send(writing, verb, part);
    }
  }
}

function input(writing: Writing, verb: 'upsert' | 'update', row: RowWrite, traceId: string): object {
  const own = properties(Object.keys(row.fields)).map((field) => [field, asText(row.fields[field] ?? null)]);
  return {
    ...(verb === 'upsert' ? { id: row.recordId, idProperty: writing.idField } : { id: row.externalId }),
    objectWriteTraceId: traceId,
    properties: Object.fromEntries(own),
  };
}

/** HubSpot takes texts only; an empty text clears, a list is joined by semicolons (HubSpot docs: properties). */
function asText(value: VendorValue): string {
  if (value === null) return '';
  return Array.isArray(value) ? value.join(';') : String(value);
}

function settle(writing: Writing, rows: readonly RowWrite[], answer: z.infer<typeof writeAnswer>): void {
  const { type, fields, idField, outcomes, calls } = writing;
  const complete = properties(fields).length === fields.length;
  for (const [index, row] of rows.entries()) {
    const found = answer.results.find((one) =>
      one.objectWriteTraceId === undefined
        ? one.id === row.externalId || one.properties[idField] === row.recordId
        : one.objectWriteTraceId === String(index),
    );
    const failed = answer.errors?.find((one) => names(one.context, row, String(index)));
    if (found) {
      const shown = toRow(found, type, fields);
      const whole = complete && fields.every((field) => field in shown.fields);
      outcomes.set(row, { status: 'ok', externalId: found.id, row: whole ? shown : null });
    } else if (failed) {
      outcomes.set(row, { status: 'failed', error: translateEntry(readErrorBody(failed), calls.clock.now_ms()) });
    } else {
      outcomes.set(row, unansweredRow());
    }
  }
}

/** Whether an entry of a 207's `errors` is about this row. */
function names(context: Record<string, string[]> | undefined, row: RowWrite, traceId: string): boolean {
  const traces = context?.['objectWriteTraceId'];
  if (traces) return traces.includes(traceId);
  const ids = [...(context?.['id'] ?? []), ...(context?.['ids'] ?? []), ...(context?.['objectId'] ?? [])];
  return ids.includes(row.externalId ?? row.recordId);
}

/**
 * The rows that need no further halving: a single one, all that name a property which cannot be written at all, all where
 * the grant does not cover the write, or all of a batch in which the refused property has one and the same value. A storm of halvings would find nothing else.
 */
function refusedTogether(error: Rejected | Gone, rows: readonly RowWrite[]): readonly RowWrite[] {
  if (rows.length === 1 || isNotGranted(error)) return rows;
  if (!(error instanceof Rejected) || error.field === undefined) return [];
  const { field, code } = error;
  const carrying = rows.filter((row) => field in row.fields);
  if (/^(PROPERTY_DOESNT_EXIST|READ_ONLY_VALUE)$/.test(code)) return carrying;
  const values = new Set(carrying.map((row) => row.fields[field]));
  return code.startsWith('INVALID_') && carrying.length === rows.length && values.size === 1 ? rows : [];
}

function unansweredRow(): RowOutcome {
  return { status: 'failed', error: new Uncertain('HubSpot answered the batch without a word on this row.') };
}
