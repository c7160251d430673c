import { Fault } from '../../../protocol/errors.ts';
import type { TenantTx } from '../../../protocol/ports/store.ts';
import type { Run } from '../../../protocol/run.ts';
import { inOrder } from './in-order.ts';
import type { SimDb } from './sim-db.ts';
import { keyOf } from './table.ts';
import { isUnfinished } from './tables.ts';

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

export function runs({ view }: SimDb): Runs {
  return {
    async startRun(run) {
      const { job, recordId } = run;
      const cause = { job, recordId, causeId: run.cause.id };
      if (!(await view('runCauses').insertNew({ ...cause, runId: run.id }))) {
        const { runId = '' } = view('runCauses').get(keyOf(job, recordId, cause.causeId)) ?? {};
        return { run: existing(runId), started: false };
      }
      if (await view('runs').insertNew(run)) return { run, started: true };
      const [joined] = view('runs').find('unfinished', keyOf(job, recordId));
      const found = joined ?? existing(run.id);
      await view('runCauses').put({ ...cause, runId: found.id });
      return { run: found, started: false };
    },
    run: async (id) => view('runs').get(id),
    latestRun: async (job, recordId) => latest(job, recordId, () => true),
    latestResult: async (job, recordId) =>
      latest(job, recordId, ({ state, result }) => state === 'succeeded' && result !== null),

    async claimRuns(now_ms, leaseUntil_ms, limit) {
      const ready = inOrder(
        claimable().filter((run) => (run.leaseUntil_ms ?? 0) <= now_ms),
        ({ queuedAt_ms }) => queuedAt_ms,
        ({ id }) => id,
      );
      const claimed: Run[] = [];
      for (const { id } of ready) {
        if (claimed.length >= limit) break;
        if (!view('runs').tryLock(id)) continue;
        const run = view('runs').get(id) as Run;
        const started = { state: 'running', startedAt_ms: run.startedAt_ms ?? now_ms } as const;
        await view('runs').put({ ...run, ...started, attempts: run.attempts + 1, leaseUntil_ms });
        claimed.push(view('runs').get(id) as Run);
      }
      return claimed;
    },
    async nextRun() {
      const instants = claimable().map((run) => run.leaseUntil_ms ?? run.queuedAt_ms);
      return instants.length > 0 ? Math.min(...instants) : undefined;
    },
    async saveRun(run, from) {
      const before = view('runs').get(run.id);
      const fits = (now: Run): boolean => from.includes(now.state) && now.attempts === run.attempts;
      const changed = await view('runs').change(before && fits(before) ? [before] : [], (now) =>
        fits(now) ? { ...run } : now,
      );
      return changed > 0;
    },

    async addCallback(callback) {
      await view('callbacks').insertNew(callback);
    },
    callbacksOf: async (runId) => view('callbacks').find('run', runId),
    saveCallback: (callback) => view('callbacks').put(callback),
    async untoldCallbacks(limit) {
      const untold = view('callbacks')
        .all()
        .flatMap((callback) => {
          const run = view('runs').get(callback.runId);
          return callback.state === 'waiting' && run && !isUnfinished(run) ? [{ callback, run }] : [];
        });
      const told = inOrder(
        untold,
        ({ callback }) => callback.installationId,
        ({ callback }) => callback.callbackId,
      );
      return [...Map.groupBy(told, ({ callback }) => callback.installationId).values()].flatMap((group) =>
        group.slice(0, limit),
      );
    },
  };

  function existing(id: string): Run {
    const run = view('runs').get(id);
    if (!run) throw new Fault(`Run "${id}" could neither start nor join another.`);
    return run;
  }

  function claimable(): Run[] {
    return view('runs')
      .all()
      .filter(({ state }) => state === 'queued' || state === 'running');
  }

  function latest(job: string, recordId: string, fits: (run: Run) => boolean): Run | undefined {
    const found = view('runs').find('subject', keyOf(job, recordId)).filter(fits);
    return inOrder(
      found,
      ({ queuedAt_ms }) => queuedAt_ms,
      ({ id }) => id,
    ).at(-1);
  }
}
