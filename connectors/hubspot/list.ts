import { z } from 'zod';
import type { RowStamp } from '../../protocol/crm-connector.ts';
import type { Purpose } from '../../protocol/purpose.ts';
import type { Calls } from './calls.ts';
import { objectType, type ObjectType } from './object-types.ts';
import { hubspotObject, stampOf } from './rows.ts';
import { objectPath } from './version.ts';

const pageAnswer = z.looseObject({
  results: z.array(hubspotObject),
  paging: z.looseObject({ next: z.looseObject({ after: z.string() }).optional() }).optional(),
});

/** HubSpot docs, "CRM objects": a listing page holds 100. */
const listSize = 100;
/** HubSpot docs, "CRM search": a search page holds 200. */
const searchSize = 200;

/** All live rows in order of id. */
export async function listRows(
  calls: Calls,
  object: string,
  after: string | undefined,
  purpose: Purpose,
): Promise<{ rows: RowStamp[]; next: string | undefined }> {
  const type = objectType(object);
  const answer = await calls.call({
    method: 'GET',
    path: objectPath(type.pathName),
    query: {
      limit: String(listSize),
      properties: type.modifiedProperty,
      archived: 'false',
      ...(after !== undefined && { after }),
    },
    effect: 'read',
    object,
    count: listSize,
    purpose,
    answer: pageAnswer,
  });
  return { rows: answer.results.map((one) => stamp(one, type)), next: answer.paging?.next?.after };
}

interface Cursor {
  stamp_ms: number;
  id: string;
}

/**
 * Rows changed at or after the cursor, by search. The search API has one sort, 200 rows a page and 10,000 a query, and
 * bulk edits give thousands of rows one stamp (HubSpot docs: CRM search). So a page never pages: the next query starts at
 * the last whole stamp, and a stamp that fills a page by itself is read by ascending id.
 * Archived rows are never in a search.
 */
export async function rowsChangedSince(
  calls: Calls,
  object: string,
  since: Cursor,
  purpose: Purpose,
): Promise<{ rows: RowStamp[]; more: boolean }> {
  const type = objectType(object);
  const search = async (filters: Filter[], sort: string): Promise<RowStamp[]> => {
    const answer = await calls.call({
      method: 'POST',
      path: objectPath(type.pathName, 'search'),
      body: {
        filterGroups: [{ filters }],
        sorts: [sort],
        properties: [type.modifiedProperty],
        limit: searchSize,
        after: '0',
      },
      effect: 'read',
      object,
      count: searchSize,
      purpose,
      endpoint: 'search',
      answer: pageAnswer,
    });
    return answer.results.map((one) => stamp(one, type)).sort(byStampAndId);
  };

  let from = since;
  for (;;) {
    const page = await search([where(type.modifiedProperty, 'GTE', from.stamp_ms)], type.modifiedProperty);
    const fresh = page.filter((row) => isAfter(row, from));
    if (page.length < searchSize) return { rows: fresh, more: false };
    const cut_ms = page.at(-1)?.stamp_ms ?? 0;
    const whole = fresh.filter((row) => row.stamp_ms < cut_ms);
    if (whole.length > 0) return { rows: whole, more: true };
    const tied = await search(
      [
        where(type.modifiedProperty, 'EQ', cut_ms),
        where('hs_object_id', 'GT', cut_ms === from.stamp_ms ? from.id || '0' : '0'),
      ],
      'hs_object_id',
    );
    if (tied.length > 0) return { rows: tied, more: true };
    from = { stamp_ms: cut_ms + 1, id: '' };
  }
}

interface Filter {
  propertyName: string;
  operator: 'EQ' | 'GT' | 'GTE';
  value: string;
}

function where(propertyName: string, operator: Filter['operator'], value: number | string): Filter {
  return { propertyName, operator, value: String(value) };
}

function isAfter(row: RowStamp, cursor: Cursor): boolean {
  return byStampAndId(row, { stamp_ms: cursor.stamp_ms, externalId: cursor.id }) > 0;
}

function byStampAndId(a: RowStamp, b: RowStamp): number {
  return a.stamp_ms - b.stamp_ms || Number(a.externalId) - Number(b.externalId);
}

function stamp(found: z.infer<typeof hubspotObject>, type: ObjectType): RowStamp {
  return { externalId: found.id, stamp_ms: stampOf(found, type) };
}
