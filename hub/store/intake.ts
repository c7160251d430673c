import type { SqlEntityManager } from '@mikro-orm/postgresql';
import type { Pool } from 'pg';
import type { Clock } from '../../protocol/ports/clock.ts';
import type { InboxBatch } from '../../protocol/ports/store.ts';
import { json } from './rows.ts';

/** What one call brought for one account, as it is stored: events as a line of JSON, which has no line breaks of its own. */
export interface Delivery extends Omit<InboxBatch, 'events'> {
  count: number;
  events: string;
}

/** Made before the delivery waits for its commit: one text outlives the wait at less cost than the events do. */
export function deliveryOf({ events, ...batch }: InboxBatch): Delivery {
  return { ...batch, count: events.length, events: json(events) };
}

/**
 * Stores deliveries of many tenants and marks their installations due, in one statement, which is its own transaction: one
 * round trip, prepared once, values bound. Written so for the webhooks' sake, where it is the whole work of the database.
 */
export async function storeAtOnce(pool: Pool, clock: Clock, deliveries: readonly Delivery[]): Promise<void> {
  const values = valuesOf(clock, deliveries);
  if (values) await pool.query({ name: 'intake', text: prepared, values });
}

/** The same in the caller's transaction, as its last step: marks are locked for as short as can be, and after all rows. */
export async function storeDeliveries(
  em: SqlEntityManager,
  clock: Clock,
  deliveries: readonly Delivery[],
): Promise<void> {
  const values = valuesOf(clock, deliveries);
  if (values) await em.execute(statement, values);
}

/**
 * One row for each delivery, whole; `unpack` makes inbox rows of it when somebody looks. The database cuts the lines and stores
 * them without reading them. The part that nothing refers to runs last: marks are locked for as short as can be, and after
 * the rows, as everywhere.
 */
const statement = `
  with batch as materialized (
    select * from rows from (
      json_to_recordset(?::json) as (tenant_id text, installation_id text, count int), string_to_table(?, chr(10))
    ) as batch(tenant_id, installation_id, count, events)
  ), marked as (
    insert into due (tenant_id, installation_id, lane, due_at_ms)
    select distinct tenant_id, installation_id, 'observe', ?::bigint from batch
    order by 1, 2
    on conflict (tenant_id, installation_id, lane) do update set due_at_ms = excluded.due_at_ms
    where due.due_at_ms is null or due.due_at_ms > excluded.due_at_ms
  )
  insert into intake (tenant_id, installation_id, count, events, received_at_ms)
  select tenant_id, installation_id, count, events, ?::bigint from batch`;

let parameters = 0;
const prepared = statement.replaceAll('?', () => `$${(parameters += 1)}`);

function valuesOf(clock: Clock, deliveries: readonly Delivery[]): unknown[] | undefined {
  const some = deliveries.filter(({ count }) => count > 0);
  if (some.length === 0) return undefined;
  const heads = some.map(({ tenantId, installationId, count }) => ({
    tenant_id: tenantId,
    installation_id: installationId,
    count,
  }));
  const now_ms = clock.now_ms();
  return [json(heads), some.map(({ events }) => events).join('\n'), now_ms, now_ms];
}
