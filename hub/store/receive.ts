import type { SqlEntityManager } from '@mikro-orm/postgresql';
import type { Clock } from '../../protocol/ports/clock.ts';
import type { InboxBatch } from '../../protocol/ports/store.ts';
import { storeDeliveries, type Delivery } from './intake.ts';
import { upsert } from './rows.ts';
import { CursorTable } from './tables/account.ts';

/** Deliveries of many tenants, with positions of streams among them. In the caller's transaction. */
export async function storeBatches(em: SqlEntityManager, clock: Clock, deliveries: readonly Delivery[]): Promise<void> {
  await saveCursors(em, deliveries);
  await storeDeliveries(em, clock, deliveries);
}

/** Cursors, and the gaps that come with one, are a tenant's own rows: the transaction names each tenant in turn. */
async function saveCursors(em: SqlEntityManager, batches: readonly Omit<InboxBatch, 'events'>[]): Promise<void> {
  const cursors = batches
    .flatMap(({ tenantId, installationId, cursor }) => (cursor ? [{ tenantId, installationId, ...cursor }] : []))
    .sort((a, b) => (a.tenantId < b.tenantId ? -1 : 1));
  for (const tenantId of new Set(cursors.map((cursor) => cursor.tenantId))) {
    await em.execute("select set_config('app.tenant', ?, true)", [tenantId]);
    await upsert(
      em,
      CursorTable,
      cursors.filter((cursor) => cursor.tenantId === tenantId),
    );
    for (const { installationId, gaps = [] } of batches.filter((batch) => batch.tenantId === tenantId)) {
      for (const { object, from_ms } of gaps) {
        await em.execute(
          `insert into vendor_cursor (tenant_id, installation_id, name, value) values (?, ?, ?, ?)
           on conflict (tenant_id, installation_id, name) do update
           set value = least(vendor_cursor.value::bigint, excluded.value::bigint)::text`,
          [tenantId, installationId, `gap:${object}`, String(from_ms)],
        );
      }
    }
  }
}
