import type { CrmApi } from '../../protocol/crm-connector.ts';
import { Invalid, Reconnect, RetryLater } from '../../protocol/errors.ts';
import type { Purpose } from '../../protocol/purpose.ts';
import type { VendorRow } from '../../protocol/vendor-event.ts';

/** When a page cannot be read, so many of its rows are tried alone: if none of them can, it is hardly the rows. */
export const samples = 3;

export interface RowsApart {
  rows: VendorRow[];
  missing: string[];
  /** Rows that cannot be read alone, while others can, and why. */
  unreadable: { externalId: string; error: Error }[];
}

/**
 * Reads rows. A page that the vendor refuses is taken apart: some rows alone, then halves, and their halves, until what cannot
 * be read stands alone. `turn` says which rows are tried alone, so that another time it is others.
 * Throws the vendor's fault where those cannot be read either: whether it is the rows' is not known then. RetryLater,
 * Reconnect and Invalid (the object is not granted) are never the rows'.
 */
export async function readApart(
  api: CrmApi,
  asked: { object: string; externalIds: readonly string[]; fields: readonly string[]; purpose: Purpose; turn: number },
): Promise<RowsApart> {
  const found: RowsApart = { rows: [], missing: [], unreadable: [] };
  /** The fault, where it may be the rows'. */
  const read = async (ids: readonly string[]): Promise<Error | undefined> => {
    try {
      const { rows, missing } = await api.read(asked.object, ids, asked.fields, asked.purpose);
      found.rows.push(...rows);
      found.missing.push(...missing);
      return undefined;
    } catch (error) {
      if (error instanceof RetryLater || error instanceof Reconnect || error instanceof Invalid) throw error;
      const [externalId] = ids;
      if (ids.length === 1 && externalId !== undefined) found.unreadable.push({ externalId, error: error as Error });
      return error as Error;
    }
  };

  const fault = await read(asked.externalIds);
  if (!fault) return found;
  const alone = sampleOf(asked.externalIds, asked.turn);
  if (asked.externalIds.length > 1) for (const id of alone) await read([id]);
  if (found.rows.length + found.missing.length === 0) throw fault;
  const pages: (readonly string[])[] = [asked.externalIds.filter((id) => !alone.includes(id))];
  for (let page = pages.pop(); page !== undefined; page = pages.pop()) {
    if (page.length === 0 || !(await read(page)) || page.length === 1) continue;
    const half = Math.ceil(page.length / 2);
    pages.push(page.slice(half), page.slice(0, half));
  }
  return found;
}

/** Rows at even distances, the first of them by turn. */
function sampleOf(ids: readonly string[], turn: number): string[] {
  const count = Math.min(samples, ids.length);
  const places = Array.from({ length: count }, (_, index) => turn + Math.floor((index * ids.length) / count));
  return places.map((place) => ids[place % ids.length] as string);
}
