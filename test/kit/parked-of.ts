import type { House } from './house.ts';
import type { Pair } from './pairs.ts';

export interface ParkedRow {
  installation: string;
  field: string | null;
  cause: string;
  detail: string;
  remedy: string;
}

/** What waits of a record, and why. */
export function parkedOf(house: House, pair: Pair): Promise<ParkedRow[]> {
  return house.sql<ParkedRow>(
    `select installation_id as installation, field, cause, detail, remedy from parked where record_id = $1 order by at_ms`,
    [pair.recordId],
  );
}

/** How many times we wrote to a record's rows, refused attempts included. */
export async function writesOf(house: House, pair: Pair): Promise<number> {
  const [row] = await house.sql<{ count: number }>(
    `select count(*)::int from write join link on link.id = write.link_id where link.record_id = $1`,
    [pair.recordId],
  );
  return row?.count ?? 0;
}
