import { chunks } from '../../../protocol/chunks.ts';
import type { RowOutcome, RowWrite } from '../../../protocol/crm-connector.ts';
import { Gone, Reconnect, Rejected, RetryLater, Uncertain } from '../../../protocol/errors.ts';
import type { VendorFields } from '../../../protocol/fields.ts';
import type { Purpose } from '../../../protocol/purpose.ts';
import { setChange } from '../../../protocol/set-change.ts';
import type { SeenWrite, SimAccount } from './account.ts';
import type { Transaction } from './crm.ts';
import { Refusal } from './refusal.ts';
import type { SimRow } from './row.ts';
import type { Wire } from './wire.ts';

interface Writing {
  account: SimAccount;
  wire: Wire;
  object: string;
  idField: string;
  purpose: Purpose;
}

type Outcomes = Map<RowWrite, RowOutcome>;

/** The hub's app, as the vendor names it. */
const app = { kind: 'rapport', userId: null } as const;
const busyPause_ms = 5_000;

/**
 * Writes rows as both vendors do: the row's own fields first (new rows as upserts on the hub's id), then, in calls of their
 * own, the associations of those that were taken.
 */
export async function writeRows(writing: Writing, rows: readonly RowWrite[]): Promise<RowOutcome[]> {
  const outcomes: Outcomes = new Map();
  const own = rows.filter((row) => row.externalId === null || Object.keys(ownFields(writing, row)).length > 0);
  for (const row of rows)
    if (!own.includes(row)) outcomes.set(row, { status: 'ok', externalId: row.externalId ?? '', row: null });
  const isNew = (row: RowWrite): boolean => row.externalId === null;
  let stop: Error | undefined;
  for (const some of [own.filter(isNew), own.filter((row) => !isNew(row))])
    for (const slice of chunks(some, writing.account.crm.flavour.batchSize))
      stop = await send(writing, slice, outcomes, stop, (tx, row) => saveRow(writing, tx, row));
  const withPeers = rows.filter((row) => outcomes.get(row)?.status === 'ok' && changesPeers(writing, row));
  if (!stop && withPeers.length > 0)
    await send(writing, withPeers, outcomes, stop, (tx, row) => savePeers(writing, tx, row, outcomes.get(row)));
  return rows.map((row) => outcomes.get(row) ?? unanswered());
}

/** One call. What ends it as a whole is the fate of each of its rows; after a pause asked for nothing more is sent. */
async function send(
  { account, wire, object, purpose }: Writing,
  rows: readonly RowWrite[],
  outcomes: Outcomes,
  stop: Error | undefined,
  save: (tx: Transaction, row: RowWrite) => string,
): Promise<Error | undefined> {
  if (stop) {
    for (const row of rows) outcomes.set(row, { status: 'failed', error: stop });
    return stop;
  }
  try {
    const answers = await wire.write({ object, count: rows.length, purpose }, () =>
      account.crm.transact(app, (tx) => rows.map((row) => outcomeOf(account, () => save(tx, row)))),
    );
    for (const [index, row] of rows.entries()) outcomes.set(row, answers[index] ?? unanswered());
    return undefined;
  } catch (error) {
    for (const row of rows) outcomes.set(row, { status: 'failed', error: error as Error });
    return error instanceof RetryLater || error instanceof Reconnect ? error : undefined;
  }
}

/** What becomes of one row of a batch: one that is not taken stops no other. */
function outcomeOf({ crm, line }: SimAccount, save: () => string): RowOutcome {
  const failed = (error: Error): RowOutcome => ({ status: 'failed', error });
  if (line.weather.strikes('partial_batch'))
    return failed(new RetryLater('UNABLE_TO_LOCK_ROW', crm.clock.now_ms() + busyPause_ms));
  try {
    const externalId = save();
    return line.weather.strikes('partial_answer') ? unanswered() : { status: 'ok', externalId, row: null };
  } catch (error) {
    if (!(error instanceof Refusal)) return failed(error as Error);
    const { message, field, holder: existingId } = error;
    if (error.code === 'NOT_FOUND') return failed(new Gone(message, error));
    const code = existingId === undefined ? error.code : 'duplicate';
    return failed(new Rejected(message, { code, field, existingId, cause: error }));
  }
}

function unanswered(): RowOutcome {
  return { status: 'failed', error: new Uncertain('The vendor answered the batch without a word on this row.') };
}

function saveRow({ account, object, idField }: Writing, tx: Transaction, row: RowWrite): string {
  const { crm, hidden } = account;
  const there = row.externalId === null ? holderOf(account, object, idField, row.recordId) : undefined;
  const id = row.externalId ?? there?.id ?? null;
  noteWrite(account, { object, id, recordId: row.recordId, fields: row.fields });
  const own = ownFields({ account, object }, row);
  const unseen = Object.keys(own).find((name) => hidden.has(`${object}.${name}`));
  if (unseen !== undefined) throw new Refusal('INVALID_FIELD', `No such column '${unseen}' on ${object}`, unseen);
  const given = { ...own, ...(row.externalId === null && { [idField]: row.recordId }) };
  return crm.save(tx, object, id, taken(account, given)).id;
}

function noteWrite(account: SimAccount, write: SeenWrite): void {
  account.writtenAt_ms = account.crm.clock.now_ms();
  for (const seen of account.onWrite) seen(write);
}

/** 2xx, and one value stays as it was. */
function taken({ line }: SimAccount, given: VendorFields): VendorFields {
  const names = Object.keys(given).filter((name) => !/rapport_?id/i.test(name));
  if (names.length === 0 || !line.weather.strikes('silent_refusal')) return given;
  const ignored = names[line.weather.between('silent_refusal', 0, names.length - 1)];
  return Object.fromEntries(Object.entries(given).filter(([name]) => name !== ignored));
}

function holderOf({ crm }: SimAccount, object: string, idField: string, recordId: string): SimRow | undefined {
  return crm.rows(object).find((row) => !row.archived && row.fields[idField] === recordId);
}

/** A single association is an association, too, where the vendor keeps it apart from the row. */
function isPeers({ account: { crm }, object }: Pick<Writing, 'account' | 'object'>, name: string): boolean {
  const field = crm.schema.get(object)?.get(name);
  return field !== undefined && crm.flavour.isSilent(field);
}

function ownFields(writing: Pick<Writing, 'account' | 'object'>, row: RowWrite): VendorFields {
  return Object.fromEntries(Object.entries(row.fields).filter(([name]) => !isPeers(writing, name)));
}

function changesPeers(writing: Writing, row: RowWrite): boolean {
  return Object.keys(row.fields).some((name) => {
    if (!isPeers(writing, name)) return false;
    if (!Array.isArray(row.fields[name])) return true;
    const { added, removed } = setChange(row, name);
    return added.length + removed.length > 0;
  });
}

/** Of a set only what differs from what was last known there is added and removed. */
function savePeers(
  { account, object }: Writing,
  tx: Transaction,
  row: RowWrite,
  outcome: RowOutcome | undefined,
): string {
  const id = outcome?.status === 'ok' ? outcome.externalId : '';
  noteWrite(account, { object, id, recordId: row.recordId, fields: row.fields });
  const now = account.crm.row(object, id);
  if (!now || now.archived) throw new Refusal('NOT_FOUND', `${object} ${id} is not there`);
  const given: Record<string, VendorFields[string]> = {};
  for (const [name, value] of Object.entries(row.fields)) {
    if (!isPeers({ account, object }, name)) continue;
    const { added, removed } = setChange(row, name);
    const there = ((now.fields[name] ?? []) as readonly string[]).concat();
    given[name] = Array.isArray(value) ? [...there.filter((one) => !removed.includes(one)), ...added] : value;
  }
  return account.crm.save(tx, object, id, given).id;
}
