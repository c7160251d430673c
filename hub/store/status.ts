import type { TenantStatus, TenantTx } from '../../protocol/ports/store.ts';
import type { Db } from './db.ts';
import { countWaiting } from './unpack.ts';

export function status(db: Db): Pick<TenantTx, 'status'> {
  const { em, tenantId } = db;
  return {
    async status() {
      return {
        records: await counts('record', 'kind', 'deleted_at_ms is null'),
        links: await counts('link', 'state'),
        inboxWaiting: await countWaiting(db),
        deliveriesWaiting: total(await counts('link', "''", "deliver_at_ms is not null and state = 'live'")),
        parked: Object.entries(await counts('parked', 'cause')).map(([cause, count]) => ({ cause, count })),
        conflicts: total(await counts('conflict', "''")),
        runs: await counts('run', 'state'),
        caughtBy: await counts('inbox', 'lane', "outcome = 'applied'"),
      } satisfies TenantStatus;
    },
  };

  /** Rows by the value of an SQL expression. All arguments are constants of this file. */
  async function counts(table: string, group: string, where = 'true'): Promise<Record<string, number>> {
    const rows = await em.execute<{ name: string; count: number }[]>(
      `select ${group} as name, count(*)::int as count from ${table} where tenant_id = ? and ${where}
       group by 1 order by 1`,
      [tenantId],
    );
    return Object.fromEntries(rows.map(({ name, count }) => [name, count]));
  }
}

function total(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
