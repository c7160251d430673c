import type { Pool } from 'pg';
import type { Clock } from '../../protocol/ports/clock.ts';
import type { InboxBatch } from '../../protocol/ports/store.ts';
import { dayOf } from './inbox-days.ts';
import { json } from './rows.ts';

/**
 * Stores events of many tenants and marks their installations due, in one statement, which is its own transaction: one
 * round trip, prepared once, values bound. Written so for the webhooks' sake, where it is the whole work of the database.
 * Rows go in one order always, so that two commits that hold the same events cannot wait for one another. A repeat stores
 * nothing; no target and no `returning`: the intake policy lets rows in, not out.
 */
export async function storeAtOnce(pool: Pool, clock: Clock, batches: readonly InboxBatch[]): Promise<void> {
  const some = batches.filter(({ events }) => events.length > 0);
  if (some.length === 0) return;
  const received_at_ms = clock.now_ms();
  await pool.query({ name: 'intake', text: statement, values: [dayOf(received_at_ms), received_at_ms, json(some)] });
}

/** The part that nothing refers to runs last: marks are locked for as short as can be, and after the rows, as everywhere. */
const statement = `
  with batch as materialized (
    select "tenantId" as tenant_id, "installationId" as installation_id, events
    from jsonb_to_recordset($3::jsonb) as batch("tenantId" text, "installationId" text, events jsonb)
  ), marked as (
    insert into due (tenant_id, installation_id, lane, due_at_ms)
    select distinct tenant_id, installation_id, 'observe', $2::bigint from batch
    order by 1, 2
    on conflict (tenant_id, installation_id, lane) do update set due_at_ms = excluded.due_at_ms
    where due.due_at_ms is null or due.due_at_ms > excluded.due_at_ms
  )
  insert into inbox (tenant_id, installation_id, key, day, object, external_id, lane, event, received_at_ms)
  select tenant_id, installation_id, event->>'key', $1::date, event->>'object', event->>'externalId', event->>'lane',
    event, $2::bigint
  from batch, jsonb_array_elements(events) as event
  order by 1, 2, 3
  on conflict do nothing`;
