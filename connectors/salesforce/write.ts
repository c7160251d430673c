import { chunks } from '../../protocol/chunks.ts';
import type { ObjectDescription, RowOutcome, RowWrite } from '../../protocol/crm-connector.ts';
import type { Purpose } from '../../protocol/purpose.ts';
import { Gone, Reconnect, Rejected, RetryLater, Uncertain } from '../../protocol/errors.ts';
import type { VendorValue } from '../../protocol/fields.ts';
import type { Calls } from './calls.ts';
import { writeContactRoles } from './contact-role-writes.ts';
import { contactRolesField } from './contact-roles.ts';
import type { BatchSizes } from './batch-sizes.ts';
import { byParent, firstBatch } from './by-parent.ts';
import type { Describes } from './describes.ts';
import { codeFailure, codeLimit, FailedInside, translateRow } from './errors.ts';
import { saveAnswer } from './save-answer.ts';
import type { Suspects } from './suspects.ts';

interface Writing {
  calls: Calls;
  describes: Describes;
  sizes: BatchSizes;
  suspects: Suspects;
  object: string;
  idField: string;
  purpose: Purpose;
  outcomes: Map<RowWrite, RowOutcome>;
  /** No more calls now: the vendor asked for a pause, or the grant is gone. */
  stop: Error | undefined;
  /** Rows in a row that failed by the org's own code although they came alone, and what else may be said of each. */
  failedAlone: { row: RowWrite; orElse: Error }[];
}

/** So many rows in a row that are refused alone: the org's code bears none, and the others are tried later. */
const mostRefusedAlone = 3;
const codePause_ms = 60_000;
/** Those few rows come again after the others, so that these are tried too where it is the rows, and not the code at large. */
const alonePause_ms = 10 * 60_000;

/** Writes rows: new ones as upserts on `idField`, then the contact roles of those that were taken. Answers show no row. */
export async function writeRows(
  options: Omit<Writing, 'outcomes' | 'stop' | 'failedAlone'>,
  rows: readonly RowWrite[],
): Promise<RowOutcome[]> {
  const writing: Writing = { ...options, outcomes: new Map(), stop: undefined, failedAlone: [] };
  const { outcomes } = writing;
  const isNew = (row: RowWrite): boolean => row.externalId === null;
  for (const row of rows) {
    if (!isNew(row) && ownFields(row).length === 0) {
      outcomes.set(row, { status: 'ok', externalId: row.externalId ?? '', row: null });
    }
  }
  const open = rows.filter((row) => !outcomes.has(row));
  for (const some of [open.filter(isNew), open.filter((row) => !isNew(row))]) {
    if (some.length > 0) await sendAll(writing, some);
  }
  if (!writing.stop) await writeContactRoles(writing);
  return rows.map((row) => outcomes.get(row) ?? unansweredRow());
}

/** All of them, families together, in batches as large as the org bears at present. */
async function sendAll(writing: Writing, rows: readonly RowWrite[]): Promise<void> {
  const { describes, object, sizes } = writing;
  // So that the object's lookups are known; what is wrong with it shows with the first call.
  await describes.get(object).catch(() => undefined);
  const parents = describes.parents(object);
  let left = byParent(rows, parents);
  while (left.length > 0) {
    const batch = firstBatch(left, parents, sizes.of(object));
    left = left.slice(batch.length);
    await send(writing, batch);
  }
}

/** One call, of new or of existing rows. A call refused as a whole is halved, so that one bad row stops no other. */
async function send(writing: Writing, rows: readonly RowWrite[]): Promise<void> {
  const { describes, object, outcomes } = writing;
  try {
    if (writing.stop) throw writing.stop;
    await describes.withCurrent(object, (description) => save(writing, description, rows));
    await sendFewer(writing, rows);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (error instanceof RetryLater || error instanceof Reconnect) writing.stop = error;
    const left = rows.filter((row) => !outcomes.has(row));
    if (error instanceof FailedInside) return setApart(writing, left, error);
    const refused = error instanceof Rejected || error instanceof Gone;
    if (refused && left.length > 1) {
      for (const part of chunks(left, Math.ceil(left.length / 2))) await send(writing, part);
    } else {
      for (const row of left) outcomes.set(row, { status: 'failed', error });
    }
  }
}

/**
 * Of a batch that was too much for the org's own code, what failed goes again in smaller ones. The row that fails alone stays
 * refused; after some of those in a row the code bears none at present, and they are tried later too.
 */
async function sendFewer(writing: Writing, rows: readonly RowWrite[]): Promise<void> {
  const { object, outcomes, sizes } = writing;
  const tooMuch = rows.filter((row) => failedByCode(outcomes.get(row)));
  if (tooMuch.length === 0) {
    sizes.wentWell(object, rows.length);
    writing.failedAlone = [];
    return;
  }
  const [row] = rows;
  if (rows.length === 1 && row) {
    const later = new RetryLater(codeFails(writing), writing.calls.clock.now_ms() + alonePause_ms);
    return failsAlone(writing, row, later);
  }
  sizes.tooLarge(object, rows.length);
  for (const row of tooMuch) outcomes.delete(row);
  for (let left = tooMuch; left.length > 0;) {
    const part = left.slice(0, sizes.of(object));
    left = left.slice(part.length);
    await send(writing, part);
  }
}

/**
 * A call failed inside over rows none of which it named, and nobody knows what of it was taken: whoever asked reads them back.
 * What was not taken comes again in much smaller calls, until the row that it is about comes alone; after some of those it
 * is refused.
 */
function setApart(writing: Writing, rows: readonly RowWrite[], error: FailedInside): void {
  const { object, outcomes, sizes, suspects } = writing;
  sizes.tooLarge(object, Math.ceil(rows.length / 2));
  for (const row of rows) outcomes.set(row, { status: 'failed', error });
  const [row] = rows;
  if (rows.length > 1 || !row) return;
  failsAlone(writing, row, error);
  if (writing.stop || !suspects.accuse(object, row.externalId ?? row.recordId)) return;
  const remedy = 'Find out in Salesforce which trigger, flow or rule fails over this row, or change its values.';
  outcomes.set(row, {
    status: 'failed',
    error: new Rejected(error.message, { code: codeFailure, remedy, cause: error }),
  });
}

/** When the code bears no row, no row is to blame: what was refused on the way is tried later, or read back, as well. */
function failsAlone(writing: Writing, row: RowWrite, orElse: Error): void {
  writing.failedAlone.push({ row, orElse });
  if (writing.failedAlone.length < mostRefusedAlone) return;
  for (const one of writing.failedAlone) writing.outcomes.set(one.row, { status: 'failed', error: one.orElse });
  writing.stop ??= new RetryLater(codeFails(writing), writing.calls.clock.now_ms() + codePause_ms);
}

function codeFails({ object }: Writing): string {
  return `The org's own code fails over ${object} row by row.`;
}

function failedByCode(outcome: RowOutcome | undefined): boolean {
  return outcome?.status === 'failed' && outcome.error instanceof Rejected && outcome.error.code === codeLimit;
}

async function save(writing: Writing, description: ObjectDescription, rows: readonly RowWrite[]): Promise<void> {
  const { calls, object, idField, purpose, outcomes } = writing;
  for (const row of rows) {
    const named = row.externalId === null ? [idField, ...ownFields(row)] : ownFields(row);
    const unknown = named.find((field) => !(field in description.fields));
    if (unknown !== undefined) outcomes.set(row, { status: 'failed', error: unknownField(object, unknown) });
  }
  const left = rows.filter((row) => !outcomes.has(row));
  if (left.length === 0) return;
  const isNew = left[0]?.externalId === null;
  const answer = await calls.call({
    method: 'PATCH',
    path: isNew ? `/composite/sobjects/${object}/${idField}` : '/composite/sobjects',
    body: { allOrNone: false, records: left.map((row) => toRecord(row, object, idField)) },
    headers: assignmentHeaders(object),
    effect: 'write',
    object,
    count: left.length,
    purpose,
    answer: saveAnswer,
  });
  for (const [index, row] of left.entries()) {
    const said = answer[index];
    const externalId = said?.id ?? row.externalId;
    if (said?.success && externalId !== null) outcomes.set(row, { status: 'ok', externalId, row: null });
    else if (said && !said.success) {
      outcomes.set(row, { status: 'failed', error: translateRow(said.errors, said, calls.clock.now_ms()) });
    } else outcomes.set(row, unansweredRow());
  }
}

/** A multi-select picklist takes its values joined by semicolons (REST API guide: field types). */
export function asScalar(value: VendorValue): string | number | boolean | null {
  return typeof value === 'object' && value !== null ? value.join(';') : value;
}

function toRecord(row: RowWrite, object: string, idField: string): object {
  const own = ownFields(row).map((field) => [field, asScalar(row.fields[field] ?? null)]);
  return {
    attributes: { type: object },
    ...(row.externalId === null ? { [idField]: row.recordId } : { id: row.externalId }),
    ...Object.fromEntries(own),
  };
}

function ownFields(row: RowWrite): string[] {
  return Object.keys(row.fields).filter((field) => field !== contactRolesField.name);
}

/** Assignment rules would give the row another owner (REST API guide: Sforce-Auto-Assign header). */
function assignmentHeaders(object: string): Record<string, string> {
  return ['Account', 'Case', 'Lead'].includes(object) ? { 'Sforce-Auto-Assign': 'FALSE' } : {};
}

function unknownField(object: string, field: string): Rejected {
  return new Rejected(`No such column '${field}' on ${object}, or the integration user may not see it.`, {
    code: 'INVALID_FIELD',
    field,
    remedy: `An admin must create ${object}.${field} in Salesforce, or give the integration user access to it.`,
  });
}

function unansweredRow(): RowOutcome {
  return { status: 'failed', error: new Uncertain('Salesforce answered the batch without a word on this row.') };
}
