import type { EndedRun, TenantTx } from '../../protocol/ports/store.ts';
import type { Db } from './db.ts';

/** Rows that have had their time, a bounded batch in a transaction. */
export function retention({ em, tenantId }: Db): Pick<TenantTx, 'expireWrites' | 'expireRuns'> {
  return {
    async expireWrites(before_ms, limit) {
      const { affectedRows } = await em.execute<{ affectedRows: number }>(
        `with old as materialized (
           select id from write where tenant_id = ? and state in ('confirmed', 'rejected') and sent_at_ms < ?
           order by sent_at_ms limit ?)
         delete from write using old where write.tenant_id = ? and write.id = old.id`,
        [tenantId, before_ms, limit, tenantId],
        'run',
      );
      return affectedRows;
    },

    async expireRuns(before_ms, after, limit) {
      const from = after ?? { finishedAt_ms: 0, id: '' };
      const seen = await em.execute<{ id: string; finishedAt_ms: string; kept: boolean }[]>(
        // A run whose result is the latest of its record and job is what the card shows.
        `select id, finished_at_ms as "finishedAt_ms", state = 'succeeded' and result is not null and not exists (
             select from run as later where later.tenant_id = run.tenant_id and later.record_id = run.record_id
               and later.job = run.job and later.state = 'succeeded' and later.result is not null
               and (later.queued_at_ms, later.id) > (run.queued_at_ms, run.id)) as kept
         from run where tenant_id = ? and finished_at_ms < ? and (finished_at_ms, id) > (?, ?)
         order by finished_at_ms, id limit ?`,
        [tenantId, before_ms, from.finishedAt_ms, from.id, limit],
      );
      const gone = seen.filter(({ kept }) => !kept).map(({ id }) => id);
      const of = async (table: string, column: string, ids: readonly string[]): Promise<void> => {
        if (ids.length > 0)
          await em.execute(`delete from ${table} where tenant_id = ? and ${column} in (?)`, [tenantId, ids]);
      };
      await of(
        'callback',
        'run_id',
        seen.map(({ id }) => id),
      );
      await of('run_cause', 'run_id', gone);
      await of('run', 'id', gone);
      const last = seen.length < limit ? undefined : seen.at(-1);
      const next: EndedRun | undefined = last && { id: last.id, finishedAt_ms: Number(last.finishedAt_ms) };
      return { removed: gone.length, next };
    },
  };
}
