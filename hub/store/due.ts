import type { SqlEntityManager } from '@mikro-orm/postgresql';
import { workLanes, type WorkAddress } from '../../protocol/ports/bell.ts';
import type { Lease, Store, TenantTx } from '../../protocol/ports/store.ts';
import type { Db, DueMark } from './db.ts';
import { json } from './rows.ts';

/** Marks gather and are written at the end of the transaction: written one by one, two transactions may wait for one another. */
export function due({ tenantId, marks }: Db): Pick<TenantTx, 'markDue'> {
  return {
    async markDue(installationId, lane, due_ms) {
      marks.push({ tenantId, installationId, lane, due_ms });
    },
  };
}

/**
 * In one order always, so that two commits that mark the same addresses cannot wait for one another. An earlier mark stays as
 * it is, but locked until the commit: whoever claims it meanwhile waits, and sees what it is about.
 */
export async function writeMarks(em: SqlEntityManager, marks: readonly DueMark[]): Promise<void> {
  if (marks.length === 0) return;
  await em.execute(
    `insert into due (tenant_id, installation_id, lane, due_at_ms)
     select "tenantId", "installationId", lane, min(due_ms)
     from jsonb_to_recordset(?::jsonb) as mark("tenantId" text, "installationId" text, lane text, due_ms bigint)
     group by 1, 2, 3 order by 1, 2, 3
     on conflict (tenant_id, installation_id, lane) do update set due_at_ms = excluded.due_at_ms
     where due.due_at_ms is null or due.due_at_ms > excluded.due_at_ms`,
    [json(marks)],
  );
}

/** Leases are held in the row: while one runs, marks are kept beside it and nobody else may claim. */
export function leases(em: () => SqlEntityManager): Pick<Store, 'dueNow' | 'claim' | 'release'> {
  return {
    dueNow: (now_ms, limit, lanes = workLanes) =>
      em().execute<WorkAddress[]>(
        `select tenant_id as "tenantId", installation_id as "installationId", lane from due
         where wake_at_ms <= ? and lane in (?) order by wake_at_ms, 1, 2, 3 limit ?`,
        [now_ms, lanes, limit],
      ),

    async claim(address, now_ms, lease_ms) {
      const until_ms = now_ms + lease_ms;
      const { affectedRows } = await em().execute<{ affectedRows: number }>(
        `update due set leased_until_ms = ?, due_at_ms = null
         where (tenant_id, installation_id, lane) = (?) and wake_at_ms <= ?`,
        [until_ms, keyOf(address), now_ms],
        'run',
      );
      return affectedRows > 0 ? { address, until_ms } : undefined;
    },

    async release(lease, next_ms) {
      // One statement per case; each leaves a lease that somebody else took meanwhile alone.
      const held = '(tenant_id, installation_id, lane) = (?) and leased_until_ms = ?';
      const key = [keyOf(lease.address), lease.until_ms];
      if (next_ms === undefined) {
        await em().transactional(async (em) => {
          await em.execute(`delete from due where ${held} and due_at_ms is null`, key);
          await em.execute(`update due set leased_until_ms = null where ${held}`, key);
        });
        return;
      }
      await em().execute(
        `update due set leased_until_ms = null, due_at_ms = least(due_at_ms, ?::bigint) where ${held}`,
        [next_ms, ...key],
      );
    },
  };
}

function keyOf({ tenantId, installationId, lane }: Lease['address']): string[] {
  return [tenantId, installationId, lane];
}
