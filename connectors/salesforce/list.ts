import { z } from 'zod';
import type { RowStamp } from '../../protocol/crm-connector.ts';
import type { Purpose } from '../../protocol/purpose.ts';
import type { Calls } from './calls.ts';
import type { Describes } from './describes.ts';
import { makeQueryJob, queryJobPage } from './query-job.ts';
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
export async function walkRows(
  listing: Listing,
  after: string | undefined,
): Promise<{ rows: RowStamp[]; next: string | undefined }> {
  const where = after === undefined ? '' : `WHERE Id > ${quoted(after)} `;
  const rows = await page(listing, `${where}ORDER BY Id`, false);
  return { rows, next: rows.length === pageSize ? rows.at(-1)?.externalId : undefined };
}

/** Where a listing by job stands. `after`: the last row before the job's; what the job does not give is walked from there. */
const jobPlace = z.object({ job: z.string(), locator: z.string().optional(), after: z.string() });

/**
 * All live rows. The first page comes by REST; where it is full a query job gathers the others (Bulk API 2.0 guide: from
 * 2,000 rows on), whose id is the place to go on from. Without a job, or when it fails, the walk goes on row by row.
 */
export async function listRows(
  listing: Listing,
  after: string | undefined,
): Promise<{ rows: RowStamp[]; next: string | undefined }> {
  const { calls, object, purpose } = listing;
  if (after?.startsWith('{')) {
    const place = jobPlace.parse(JSON.parse(after));
    const found = await queryJobPage(calls, { object, purpose }, place.job, place.locator);
    if (!found) return walkRows(listing, place.after);
    const next = found.next === undefined ? undefined : JSON.stringify({ ...place, locator: found.next });
    return { rows: found.rows, next };
  }
  const first = await walkRows(listing, after);
  if (after !== undefined || first.next === undefined) return first;
  const job = await makeQueryJob(calls, { object, purpose }, `WHERE Id > ${quoted(first.next)}`);
  return job === undefined ? first : { ...first, next: JSON.stringify({ job, after: first.next }) };
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
