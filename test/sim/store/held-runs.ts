import type { TenantTx } from '../../../protocol/ports/store.ts';
import type { Asked, HeldRuns, Run } from '../../../protocol/run.ts';
import { inOrder } from './in-order.ts';
import type { SimDb } from './sim-db.ts';
import { keyOf } from './table.ts';

/** So many of a job's last successes tell what one costs. */
const costedBy = 20;

type HeldRunsTx = Pick<TenantTx, 'countAsked' | 'holdRuns' | 'heldRuns' | 'releaseRuns' | 'cancelHeld'>;

export function heldRuns({ view }: SimDb): HeldRunsTx {
  const all = (): Run[] => inOrder(view('runs').all(), ({ id }) => id);
  const askedSince = (asked: Asked, since_ms: number): Run[] =>
    all().filter((run) => isOf(asked, run) && run.askedWith === 'change' && run.queuedAt_ms > since_ms);

  return {
    async countAsked(asked, since_ms) {
      return asked
        .map(({ job, askedBy }) => ({ job, askedBy, count: askedSince({ job, askedBy }, since_ms).length }))
        .filter(({ count }) => count > 0);
    },
    async holdRuns(asked, since_ms, message) {
      const found = asked.flatMap((one) => askedSince(one, since_ms));
      return changed(found, (run) =>
        run.state === 'queued' && run.startedAt_ms === null && run.releasedBy === null
          ? { ...run, state: 'waiting', message }
          : run,
      );
    },
    async heldRuns() {
      const held = all().filter(({ state }) => state === 'waiting');
      const groups = [...Map.groupBy(held, ({ job, askedBy }) => keyOf(job, askedBy)).values()].map(
        (group): HeldRuns => {
          const [{ job, askedBy }] = group as [Run];
          const since_ms = Math.min(...group.map(({ queuedAt_ms }) => queuedAt_ms));
          return { job, askedBy, count: group.length, since_ms, meanCost: meanCost(job) };
        },
      );
      return inOrder(
        groups,
        ({ since_ms }) => since_ms,
        ({ job }) => job,
        ({ askedBy }) => askedBy,
      );
    },
    async releaseRuns(which, releasedBy) {
      const fits = (run: Run): boolean =>
        run.startedAt_ms === null &&
        run.releasedBy === null &&
        ('runId' in which
          ? run.id === which.runId && run.askedWith === 'change' && ['queued', 'waiting'].includes(run.state)
          : isOf(which, run) && run.state === 'waiting');
      return changed(all().filter(fits), (run) =>
        fits(run) ? { ...run, state: 'queued', message: null, releasedBy } : run,
      );
    },
    async cancelHeld(asked, now_ms, message) {
      const fits = (run: Run): boolean => isOf(asked, run) && run.state === 'waiting';
      return changed(all().filter(fits), (run) =>
        fits(run) ? { ...run, state: 'cancelled', message, finishedAt_ms: now_ms } : run,
      );
    },
  };

  /** Changes runs in id order, each as it is once nobody else holds it, and answers which were changed. */
  async function changed(found: readonly Run[], to: (run: Run) => Run): Promise<string[]> {
    const ids: string[] = [];
    for (const run of inOrder([...new Set(found)], ({ id }) => id))
      if ((await view('runs').change([run], to)) > 0) ids.push(run.id);
    return ids;
  }

  function meanCost(job: string): HeldRuns['meanCost'] {
    const done = all().filter((run) => run.job === job && run.state === 'succeeded');
    const latest = inOrder(done, (run) => -(run.finishedAt_ms ?? 0)).slice(0, costedBy);
    if (latest.length === 0) return null;
    const mean = (of: keyof Run['cost']): number => latest.reduce((sum, { cost }) => sum + cost[of], 0) / latest.length;
    return { inputTokens: mean('inputTokens'), outputTokens: mean('outputTokens'), fetches: mean('fetches') };
  }
}

function isOf({ job, askedBy }: Asked, run: Run): boolean {
  return run.job === job && run.askedBy === askedBy;
}
