import { Client } from 'pg';
import type { House } from './house.ts';

/**
 * Every row of every table of the hub's database, both tenants', the queue's schema included, as `table: text`. Bytes are
 * shown as the text they hold.
 */
export async function allRows(house: House): Promise<string[]> {
  const client = new Client({ connectionString: house.database.ownerUrl });
  await client.connect();
  try {
    const { rows: tables } = await client.query<{ name: string; bytes: string | null }>(
      `select format('%I.%I', n.nspname, c.relname) as name,
         (select string_agg(format('encode(%I, ''escape'')', a.attname), ' || ') from pg_attribute a
          where a.attrelid = c.oid and a.atttypid = 'bytea'::regtype) as bytes
       from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where c.relkind in ('r', 'p') and not c.relispartition and n.nspname not in ('pg_catalog', 'information_schema')`,
    );
    const found = new Set<string>();
    for (const tenant of ['tenant-a', 'tenant-b']) {
      await client.query("select set_config('app.tenant', $1, false)", [tenant]);
      for (const { name, bytes } of tables) {
        const text = bytes === null ? 't::text' : `t::text || ${bytes}`;
        const { rows } = await client.query<{ text: string }>(`select ${text} as text from ${name} t`);
        for (const row of rows) found.add(`${name}: ${row.text}`);
      }
    }
    return [...found];
  } finally {
    await client.end();
  }
}
