import type { Db } from './db.ts';

/** So many events at a time, so that nothing grows with what waits. */
const largest = 2_000;

/**
 * Makes inbox rows of the oldest deliveries of the tenant (of one installation): as many as hold `events` events. Events that
 * are in the inbox already, or twice here, are dropped. True when more deliveries may wait. Two that unpack at once wait for
 * one another at the oldest delivery, so that neither misses what the other takes.
 */
export async function unpack({ em, tenantId }: Db, installationId?: string, events = largest): Promise<boolean> {
  const [of, values] = installationId === undefined ? ['', []] : ['and installation_id = ?', [installationId]];
  const [row] = await em.execute<{ more: boolean }[]>(
    `with oldest as (
       select installation_id, seq, count, sum(count) over (order by installation_id, seq) - count as before
       from (select installation_id, seq, count from intake where tenant_id = ? ${of} order by installation_id, seq limit ?) as first
     ), taken as (
       delete from intake using oldest
       where intake.tenant_id = ? and intake.installation_id = oldest.installation_id and intake.seq = oldest.seq
         and oldest.before < ?
       returning intake.*
     ), stored as (
       insert into inbox (tenant_id, installation_id, key, day, object, external_id, lane, event, received_at_ms)
       select tenant_id, installation_id, event->>'key', to_timestamp(received_at_ms / 1000) at time zone 'UTC',
         event->>'object', event->>'externalId', event->>'lane', event, received_at_ms
       from taken, jsonb_array_elements(events::jsonb) with ordinality as element(event, place)
       order by installation_id, seq, place
       on conflict do nothing
     )
     select coalesce(sum(count), 0) >= ? as more from oldest`,
    [tenantId, ...values, events, tenantId, events, events],
  );
  return row?.more ?? false;
}

/** For who searches or empties what waits: afterwards it is all in the inbox. */
export async function unpackAll(db: Db): Promise<void> {
  while (await unpack(db));
}

/** Events that wait to be looked at. Of a long queue of deliveries that are not unpacked yet, repeats are counted, too. */
export async function countWaiting(db: Db): Promise<number> {
  await unpack(db);
  const [row] = await db.em.execute<{ count: number }[]>(
    `select ((select count(*) from inbox where tenant_id = ? and outcome is null)
       + (select coalesce(sum(count), 0) from intake where tenant_id = ?))::int as count`,
    [db.tenantId, db.tenantId],
  );
  return row?.count ?? 0;
}
