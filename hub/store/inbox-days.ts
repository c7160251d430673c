import type { SqlEntityManager } from '@mikro-orm/postgresql';

const day_ms = 86_400_000;
const daysAhead = 14;
/** Raw payloads are kept this long: the vendors' own replay windows end well before. */
const daysKept = 14;

/** The UTC day of an instant, `YYYY-MM-DD`. */
export function dayOf(at_ms: number): string {
  return new Date(at_ms).toISOString().slice(0, 10);
}

/**
 * Makes the inbox's partitions of the coming days and drops those whose payloads have expired, with deliveries that nobody
 * looked at and unrouted bytes of that age. As the owner.
 */
export async function layInboxDays(em: SqlEntityManager, now_ms: number): Promise<void> {
  const rows = await em.execute<{ name: string }[]>(
    `select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = 'inbox'::regclass`,
  );
  const existing = new Set(rows.map(({ name }) => name));
  for (let ahead = 0; ahead <= daysAhead; ahead++) {
    const day = dayOf(now_ms + ahead * day_ms);
    const name = partitionName(day);
    if (!existing.has(name)) await layDay(em, name, day, dayOf(now_ms + (ahead + 1) * day_ms));
  }
  const oldest = dayOf(now_ms - daysKept * day_ms);
  await em.execute('delete from unrouted where at_ms < ?', [Date.parse(oldest)]);
  await dropDeliveries(em, Date.parse(oldest));
  for (const name of existing) {
    if (name !== 'inbox_other' && name < partitionName(oldest)) await em.execute(`drop table ${name}`);
  }
}

/** The policy binds the owner, too: as each tenant in turn. */
async function dropDeliveries(em: SqlEntityManager, before_ms: number): Promise<void> {
  const tenants = await em.execute<{ id: string }[]>('select distinct tenant_id as id from route');
  for (const { id } of tenants) {
    await em.execute("select set_config('app.tenant', ?, true)", [id]);
    await em.execute('delete from intake where tenant_id = ? and received_at_ms < ?', [id, before_ms]);
  }
}

async function layDay(em: SqlEntityManager, name: string, day: string, end: string): Promise<void> {
  try {
    await em.transactional(async (inner) => {
      await inner.execute(`create table ${name} partition of inbox for values from ('${day}') to ('${end}')`);
      // Nobody reaches a partition beside the table's policies.
      await inner.execute(`alter table ${name} enable row level security`);
      await inner.execute(`alter table ${name} force row level security`);
    });
  } catch (error) {
    // A hub that was not restarted for long has rows of this day in the default partition: the day stays there.
    if ((error as { code?: string }).code !== '23514') throw error;
  }
}

function partitionName(day: string): string {
  return `inbox_${day.replaceAll('-', '_')}`;
}
