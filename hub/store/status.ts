import type { TenantStatus, TenantTx } from '../../protocol/ports/store.ts';
import type { Db } from './db.ts';
import { countWaiting } from './unpack.ts';

/**
 * What is counted: `[table, what its rows are counted by, which rows]`. The large tables have an index of just that, so that
 * no row is read: at a million records a tenth of a second each instead of the whole table.
 */
const counted = {
  records: ['record', 'kind', 'deleted_at_ms is null'],
  links: ['link', 'state', 'true'],
  // What waits for a parent is due again and again; it is parked, not on its way.
  deliveriesWaiting: [
    'link',
    "''",
    `deliver_at_ms is not null and state = 'live' and not (attempts > 0 and exists (select 1 from parked
       where parked.tenant_id = link.tenant_id and parked.record_id = link.record_id
         and parked.installation_id = link.installation_id and parked.cause = 'missing_parent'))`,
  ],
  parked: ['parked', 'cause', 'true'],
  conflicts: ['conflict', "''", 'true'],
  runs: ['run', 'state', 'true'],
  caughtBy: ['inbox', 'lane', "outcome = 'applied'"],
} as const;

/** Counts rows of one tenant by name. */
export function countSql(what: keyof typeof counted): string {
  const [table, by, where] = counted[what];
  return `select ${by} as name, count(*)::int as count from ${table} where tenant_id = ? and ${where} group by 1 order by 1`;
}

export function status(db: Db): Pick<TenantTx, 'status'> {
  const { em, tenantId } = db;
  return {
    async status() {
      return {
        records: await counts('records'),
        links: await counts('links'),
        inboxWaiting: await countWaiting(db),
        deliveriesWaiting: total(await counts('deliveriesWaiting')),
        parked: Object.entries(await counts('parked')).map(([cause, count]) => ({ cause, count })),
        conflicts: total(await counts('conflicts')),
        runs: await counts('runs'),
        caughtBy: await counts('caughtBy'),
      } satisfies TenantStatus;
    },
  };

  async function counts(what: keyof typeof counted): Promise<Record<string, number>> {
    const rows = await em.execute<{ name: string; count: number }[]>(countSql(what), [tenantId]);
    return Object.fromEntries(rows.map(({ name, count }) => [name, count]));
  }
}

function total(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
