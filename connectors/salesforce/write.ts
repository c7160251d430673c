import { chunks } from '../../protocol/chunks.ts';
import type { ObjectDescription, RowOutcome, RowWrite } from '../../protocol/crm-connector.ts';
import type { Purpose } from '../../protocol/purpose.ts';
import { Gone, Reconnect, Rejected, RetryLater, Uncertain } from '../../protocol/errors.ts';
import type { VendorValue } from '../../protocol/fields.ts';
import type { Calls } from './calls.ts';
import { writeContactRoles } from './contact-role-writes.ts';
import { contactRolesField } from './contact-roles.ts';
import type { Describes } from './describes.ts';
import { translateRow } from './errors.ts';
import { batchSize, saveAnswer } from './save-answer.ts';

interface Writing {
  calls: Calls;
  describes: Describes;
  object: string;
  idField: string;
  purpose: Purpose;
  outcomes: Map<RowWrite, RowOutcome>;
  /** No more calls now: the vendor asked for a pause, or the grant is gone. */
  stop: Error | undefined;
}

/** Writes rows: new ones as upserts on `idField`, then the contact roles of those that were taken. Answers show no row. */
export async function writeRows(
  options: Omit<Writing, 'outcomes' | 'stop'>,
  rows: readonly RowWrite[],
): Promise<RowOutcome[]> {
  const writing: Writing = { ...options, outcomes: new Map(), stop: undefined };
  const { outcomes } = writing;
  const isNew = (row: RowWrite): boolean => row.externalId === null;
  for (const row of rows) {
    if (!isNew(row) && ownFields(row).length === 0) {
      outcomes.set(row, { status: 'ok', externalId: row.externalId ?? '', row: null });
    }
  }
  const open = rows.filter((row) => !outcomes.has(row));
  for (const some of [open.filter(isNew), open.filter((row) => !isNew(row))]) {
    for (const slice of chunks(some, batchSize)) await send(writing, slice);
  }
  if (!writing.stop) await writeContactRoles(writing);
  return rows.map((row) => outcomes.get(row) ?? unansweredRow());
}

/** One call, of new or of existing rows. A call refused as a whole is halved, so that one bad row stops no other. */
async function send(writing: Writing, rows: readonly RowWrite[]): Promise<void> {
  const { describes, object, outcomes } = writing;
  try {
    if (writing.stop) throw writing.stop;
    await describes.withCurrent(object, (description) => save(writing, description, rows));
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (error instanceof RetryLater || error instanceof Reconnect) writing.stop = error;
    const left = rows.filter((row) => !outcomes.has(row));
    const refused = error instanceof Rejected || error instanceof Gone;
    if (refused && left.length > 1) {
      for (const part of chunks(left, Math.ceil(left.length / 2))) await send(writing, part);
    } else {
      for (const row of left) outcomes.set(row, { status: 'failed', error });
    }
  }
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

function toRecord(row: RowWrite, object: string, idField: string): object {
  const own = ownFields(row).map((field) => [field, asJson(row.fields[field] ?? null)]);
  return {
    attributes: { type: object },
    ...(row.externalId === null ? { [idField]: row.recordId } : { id: row.externalId }),
    ...Object.fromEntries(own),
  };
}

/** A multi-select picklist takes its values joined by semicolons (REST API guide: field types). */
function asJson(value: VendorValue): string | number | boolean | null {
  return typeof value === 'object' && value !== null ? value.join(';') : value;
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
