import type { FilterQuery, InferEntity } from '@mikro-orm/postgresql';
import { Fault } from '../../protocol/errors.ts';
import type { TenantTx } from '../../protocol/ports/store.ts';
import { unfinishedStates, type Callback, type Run } from '../../protocol/run.ts';
import type { Db } from './db.ts';
import { insertNew, plain, unmanaged, upsert } from './rows.ts';
import { CallbackTable, RunCauseTable, RunTable } from './tables/run.ts';

type Runs = Pick<
  TenantTx,
  | 'startRun'
  | 'run'
  | 'latestRun'
  | 'latestResult'
  | 'claimRuns'
  | 'nextRun'
  | 'saveRun'
  | 'addCallback'
  | 'callbacksOf'
  | 'saveCallback'
  | 'untoldCallbacks'
>;

export function runs({ em, tenantId }: Db): Runs {
  return {
    async startRun(run) {
      const same = { tenantId, job: run.job, recordId: run.recordId };
      const cause = { ...same, causeId: run.cause.id };
      // Kept first: whoever is told of this cause meanwhile waits here for the end of this transaction.
      if (!(await insertNew(em, RunCauseTable, [{ ...cause, runId: run.id }]))) {
        const { runId } = await em.findOneOrFail(RunCauseTable, cause, unmanaged);
        return { run: toRun(await em.findOneOrFail(RunTable, { tenantId, id: runId }, unmanaged)), started: false };
      }
      // Between a refused insert and the look at what refused it, that run may finish: then the way is free again.
      for (let attempt = 0; attempt < 3; attempt++) {
        if (await insertNew(em, RunTable, [run])) return { run, started: true };
        const found = await em.findOne(RunTable, { ...same, state: { $in: [...unfinishedStates] } }, unmanaged);
        if (found) {
          await em.nativeUpdate(RunCauseTable, cause, { runId: found.id });
          return { run: toRun(found), started: false };
        }
      }
      throw new Fault(`Run "${run.id}" could neither start nor join another.`);
    },
    async run(id) {
      const row = await em.findOne(RunTable, { tenantId, id }, unmanaged);
      return row ? toRun(row) : undefined;
    },
    latestRun: (job, recordId) => latest({ job, recordId }),
    latestResult: (job, recordId) => latest({ job, recordId, state: 'succeeded', result: { $ne: null } }),

    async claimRuns(now_ms, leaseUntil_ms, limit) {
      const claimed = await em.execute<{ id: string }[]>(
        // Materialized: as a plain subquery it may run once per row, and each time lock others.
        `with ready as materialized (
           select id from run where tenant_id = ? and state in ('queued', 'running')
             and (lease_until_ms is null or lease_until_ms <= ?)
           order by queued_at_ms, id limit ? for update skip locked)
         update run set state = 'running', attempts = attempts + 1, lease_until_ms = ?,
           started_at_ms = coalesce(started_at_ms, ?)
         from ready where run.tenant_id = ? and run.id = ready.id returning run.id`,
        [tenantId, now_ms, limit, leaseUntil_ms, now_ms, tenantId],
      );
      const where = { tenantId, id: { $in: claimed.map(({ id }) => id) } };
      return (await em.find(RunTable, where, { ...unmanaged, orderBy: { queuedAt_ms: 'asc', id: 'asc' } })).map(toRun);
    },
    async nextRun() {
      const [row] = await em.execute<{ next: string | null }[]>(
        `select min(coalesce(lease_until_ms, queued_at_ms)) as next from run
         where tenant_id = ? and state in ('queued', 'running')`,
        [tenantId],
      );
      return row?.next == null ? undefined : Number(row.next);
    },
    async saveRun(run, from) {
      const changed = await em.nativeUpdate(
        RunTable,
        { tenantId, id: run.id, state: { $in: [...from] }, attempts: run.attempts },
        run,
      );
      return changed > 0;
    },

    async addCallback(callback) {
      await insertNew(em, CallbackTable, [{ tenantId, ...callback }]);
    },
    async callbacksOf(runId) {
      return (await em.find(CallbackTable, { tenantId, runId }, unmanaged)).map(plain<Callback>);
    },
    async saveCallback(callback) {
      await upsert(em, CallbackTable, [{ tenantId, ...callback }]);
    },

    async untoldCallbacks(limit) {
      const untold = await em.execute<Callback[]>(
        `select run_id as "runId", installation_id as "installationId", callback_id as "callbackId", state from (
           select c.*, row_number() over (partition by c.installation_id order by c.callback_id) as place
           from callback c join run r on r.tenant_id = c.tenant_id and r.id = c.run_id
           where c.tenant_id = ? and c.state = 'waiting' and r.state in ('succeeded', 'failed', 'cancelled')) waiting
         where place <= ? order by installation_id, place`,
        [tenantId, limit],
      );
      const ids = [...new Set(untold.map(({ runId }) => runId))];
      const found = await em.find(RunTable, { tenantId, id: { $in: ids } }, unmanaged);
      const runOf = new Map(found.map((row) => [row.id, toRun(row)]));
      return untold.flatMap((callback) => {
        const run = runOf.get(callback.runId);
        return run ? [{ callback, run }] : [];
      });
    },
  };

  async function latest(where: FilterQuery<RunRow>): Promise<Run | undefined> {
    const [row] = await em.find(
      RunTable,
      { $and: [{ tenantId }, where] },
      { ...unmanaged, orderBy: { queuedAt_ms: 'desc', id: 'desc' }, limit: 1 },
    );
    return row ? toRun(row) : undefined;
  }
}

type RunRow = InferEntity<typeof RunTable>;

function toRun(row: RunRow): Run {
  return { tenantId: row.tenantId, ...plain<Omit<Run, 'tenantId'>>(row) };
}
