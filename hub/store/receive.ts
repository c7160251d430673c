import type { SqlEntityManager } from '@mikro-orm/postgresql';
import type { Clock } from '../../protocol/ports/clock.ts';
import type { InboxBatch } from '../../protocol/ports/store.ts';
import { writeMarks } from './due.ts';
import { dayOf } from './inbox-days.ts';
import { json, upsert } from './rows.ts';
import { CursorTable } from './tables/account.ts';

/** Stores what was received, for many tenants at once, and marks its installations due. In the caller's transaction. */
export async function storeBatches(em: SqlEntityManager, clock: Clock, batches: readonly InboxBatch[]): Promise<void> {
  await storeEvents(em, clock, batches);
  await saveCursors(em, batches);
  const due_ms = clock.now_ms();
  const marks = batches
    .filter(({ events }) => events.length > 0)
    .map(({ tenantId, installationId }) => ({ tenantId, installationId, lane: 'observe' as const, due_ms }));
  await writeMarks(em, marks);
}

/** A repeat stores nothing. No target and no `returning`: the intake policy lets rows in, not out. */
export async function storeEvents(em: SqlEntityManager, clock: Clock, batches: readonly InboxBatch[]): Promise<void> {
  const received_at_ms = clock.now_ms();
  const rows = batches.flatMap(({ tenantId, installationId, events }) =>
    events.map((event) => ({
      tenant_id: tenantId,
      installation_id: installationId,
      key: event.key,
      object: event.object,
      external_id: event.externalId,
      lane: event.lane,
      event,
    })),
  );
  if (rows.length === 0) return;
  // In one order always, so that two commits that hold the same events cannot wait for one another.
  await em.execute(
    `insert into inbox (tenant_id, installation_id, key, day, object, external_id, lane, event, received_at_ms)
     select tenant_id, installation_id, key, ?::date, object, external_id, lane, event, ?::bigint
     from jsonb_to_recordset(?::jsonb) as row(tenant_id text, installation_id text, key text, object text,
       external_id text, lane text, event jsonb)
     order by 1, 2, 3
     on conflict do nothing`,
    [dayOf(received_at_ms), received_at_ms, json(rows)],
  );
}

/** Cursors, and the gaps that come with one, are a tenant's own rows: the transaction names each tenant in turn. */
async function saveCursors(em: SqlEntityManager, batches: readonly InboxBatch[]): Promise<void> {
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
