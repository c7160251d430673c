import type { TenantTx } from '../../protocol/ports/store.ts';
import type { Asked, HeldRuns } from '../../protocol/run.ts';
import type { Db } from './db.ts';
import { json } from './rows.ts';

/** So many of a job's last successes tell what one costs. */
const costedBy = 20;

type HeldRunsTx = Pick<TenantTx, 'countAsked' | 'holdRuns' | 'heldRuns' | 'releaseRuns' | 'cancelHeld'>;

/** Runs of a bulk change, which a person starts or cancels together. Rows are locked in id order, whatever is done with them. */
export function heldRuns({ em, tenantId }: Db): HeldRunsTx {
  const ids = (rows: readonly { id: string }[]): string[] => rows.map(({ id }) => id);

  return {
    countAsked: (asked, since_ms) =>
      em.execute<(Asked & { count: number })[]>(
        `select run.job, run.asked_by as "askedBy", count(*)::int as count
         from jsonb_to_recordset(?::jsonb) as one(job text, "askedBy" text)
         join run on run.job = one.job and run.asked_by = one."askedBy"
         where run.tenant_id = ? and run.asked_with = 'change' and run.queued_at_ms > ?
         group by 1, 2`,
        [json(asked), tenantId, since_ms],
      ),

    async holdRuns(asked, since_ms, message) {
      return ids(
        await em.execute(
          `with found as materialized (
             select run.id from jsonb_to_recordset(?::jsonb) as one(job text, "askedBy" text)
             join run on run.job = one.job and run.asked_by = one."askedBy"
             where run.tenant_id = ? and run.asked_with = 'change' and run.queued_at_ms > ?
               and run.state = 'queued' and run.started_at_ms is null and run.released_by is null
             order by run.id for update of run)
           update run set state = 'waiting', message = ? from found
           where run.tenant_id = ? and run.id = found.id returning run.id`,
          [json(asked), tenantId, since_ms, message, tenantId],
        ),
      );
    },

    async heldRuns() {
      const rows = await em.execute<(Omit<HeldRuns, 'since_ms'> & { since_ms: string })[]>(
        `select held.*, mean.cost as "meanCost" from (
           select job, asked_by as "askedBy", count(*)::int as count, min(queued_at_ms) as since_ms
           from run where tenant_id = ? and state = 'waiting' group by 1, 2) held
         left join lateral (
           select jsonb_build_object(
             'inputTokens', avg((cost->>'inputTokens')::numeric), 'outputTokens', avg((cost->>'outputTokens')::numeric),
             'fetches', avg((cost->>'fetches')::numeric)) as cost
           from (select cost from run where tenant_id = ? and job = held.job and state = 'succeeded'
                 order by finished_at_ms desc limit ?) latest
           having count(*) > 0) mean on true
         order by held.since_ms, 1, 2`,
        [tenantId, tenantId, costedBy],
      );
      return rows.map((row) => ({ ...row, since_ms: Number(row.since_ms) }));
    },

    async releaseRuns(which, releasedBy) {
      const [where, values] =
        'runId' in which
          ? ["state in ('queued', 'waiting') and asked_with = 'change' and id = ?", [which.runId]]
          : ["state = 'waiting' and job = ? and asked_by = ?", [which.job, which.askedBy]];
      return ids(
        await em.execute(
          `with found as materialized (
             select id from run where tenant_id = ? and started_at_ms is null and released_by is null and ${where}
             order by id for update)
           update run set state = 'queued', message = null, released_by = ? from found
           where run.tenant_id = ? and run.id = found.id returning run.id`,
          [tenantId, ...values, releasedBy, tenantId],
        ),
      );
    },

    async cancelHeld({ job, askedBy }, now_ms, message) {
      return ids(
        await em.execute(
          `with found as materialized (
             select id from run where tenant_id = ? and state = 'waiting' and job = ? and asked_by = ? order by id for update)
           update run set state = 'cancelled', message = ?, finished_at_ms = ? from found
           where run.tenant_id = ? and run.id = found.id returning run.id`,
          [tenantId, job, askedBy, message, now_ms, tenantId],
        ),
      );
    },
  };
}
