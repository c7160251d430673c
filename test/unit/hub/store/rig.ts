import { Client } from 'pg';
import type { OpenStore } from '../../../../hub/store/open-store.ts';
import { openStore } from '../../../../hub/store/open-store.ts';
import { tenantNamed, testClock } from '../../../conformance/store/rig.ts';
import type { FreshDatabase } from '../../../kit/postgres.ts';
import { freshDatabase } from '../../../kit/postgres.ts';

export const keys = { current: 'k1', keys: { k1: Buffer.alloc(32, 1) } };

/** A store with tenants `a` and `b`, and its database. */
export async function filledStore(): Promise<{ store: OpenStore; database: FreshDatabase }> {
  const database = await freshDatabase();
  const store = await openStore({ url: database.appUrl, keys, clock: testClock() });
  for (const id of ['a', 'b']) await store.provisionTenant(tenantNamed(id));
  return { store, database };
}

/** Plain SQL, as somebody who does not go through the store. */
export async function sql<Row extends object>(
  url: string,
  text: string,
  values: readonly unknown[] = [],
): Promise<Row[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const results = await client.query<Row>(text, [...values]);
    return Array.isArray(results) ? (results.at(-1)?.rows ?? []) : results.rows;
  } finally {
    await client.end();
  }
}
