import { escapeLiteral, type Pool, type QueryResult } from 'pg';

/** A value as SQL text. */
export function literal(value: string | number): string {
  if (typeof value === 'string') return escapeLiteral(value);
  if (!Number.isFinite(value)) throw new TypeError('a number that SQL does not know');
  return String(value);
}

/**
 * One statement for one tenant in one round trip: PostgreSQL runs several statements of a simple query as one transaction, so
 * that the tenant's name holds for it alone. Values must be written with `literal`.
 */
export async function oneTrip<Row>(pool: Pool, tenantId: string, statement: string): Promise<Row[]> {
  const text = `select set_config('app.tenant', ${literal(tenantId)}, true); ${statement}`;
  const answers = (await pool.query(text)) as unknown as QueryResult[];
  return (answers.at(-1)?.rows ?? []) as Row[];
}
