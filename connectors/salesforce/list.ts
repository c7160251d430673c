import type { RowStamp } from '../../protocol/crm-connector.ts';
import type { Purpose } from '../../protocol/purpose.ts';
import type { Calls } from './calls.ts';
import type { Describes } from './describes.ts';
import { instant_ms, query, quoted, type SalesforceRecord } from './query.ts';

/** One page of a query answer (SOQL reference: batch size). */
const pageSize = 2000;

interface Listing {
  calls: Calls;
  describes: Describes;
  object: string;
  purpose: Purpose;
}

/** All live rows in order of id, by keyset: a row that appears meanwhile moves no page. */
export async function listRows(
  listing: Listing,
  after: string | undefined,
): Promise<{ rows: RowStamp[]; next: string | undefined }> {
  const where = after === undefined ? '' : `WHERE Id > ${quoted(after)} `;
  const rows = await page(listing, `${where}ORDER BY Id`, false);
  return { rows, next: rows.length === pageSize ? rows.at(-1)?.externalId : undefined };
}

/** Rows changed at or after the cursor, deleted ones too, in order of (stamp, id). */
export async function rowsChangedSince(
  listing: Listing,
  since: { stamp_ms: number; id: string },
): Promise<{ rows: RowStamp[]; more: boolean }> {
  const stamp = new Date(since.stamp_ms).toISOString();
  const where =
    since.id === ''
      ? `SystemModstamp >= ${stamp}`
      : `SystemModstamp > ${stamp} OR (SystemModstamp = ${stamp} AND Id > ${quoted(since.id)})`;
  const rows = await page(listing, `WHERE ${where} ORDER BY SystemModstamp, Id`, true);
  return { rows, more: rows.length === pageSize };
}

async function page(
  { calls, describes, object, purpose }: Listing,
  rest: string,
  deleted: boolean,
): Promise<RowStamp[]> {
  const soql = `SELECT Id, SystemModstamp FROM ${object} ${rest} LIMIT ${pageSize}`;
  return describes.withCurrent(object, async () => {
    const records = await query(calls, soql, { object, count: pageSize, purpose, deleted });
    return records.map(toStamp);
  });
}

function toStamp(one: SalesforceRecord): RowStamp {
  return { externalId: one.Id, stamp_ms: instant_ms(one['SystemModstamp']) };
}
