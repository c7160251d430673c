import type { TenantStatus, TenantTx } from '../../protocol/ports/store.ts';
import type { Db } from './db.ts';

export function status({ em, tenantId }: Db): Pick<TenantTx, 'status'> {
  return {
    async status() {
      const inbox = await counts('inbox', 'lane', "outcome = 'applied'");
      return {
        records: await counts('record', 'kind', 'deleted_at_ms is null'),
        links: await counts('link', 'state'),
        inboxWaiting: total(await counts('inbox', "''", 'outcome is null')),
        deliveriesWaiting: total(await counts('link', "''", "deliver_at_ms is not null and state = 'live'")),
        parked: Object.entries(await counts('parked', 'cause')).map(([cause, count]) => ({ cause, count })),
        conflicts: total(await counts('conflict', "''")),
        runs: await counts('run', 'state'),
        caughtBy: inbox,
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
