import { faultForLog } from '../protocol/fault-for-log.ts';
import type { Clock } from '../protocol/ports/clock.ts';
import type { Log } from '../protocol/ports/log.ts';
import type { EndedRun, Store } from '../protocol/ports/store.ts';

const every_ms = 86_400_000;
const day_ms = 86_400_000;
/** Rows in one transaction, so that none lasts long. */
const batch = 1_000;

export interface Kept {
  runs_days: number;
  writes_days: number;
}

/**
 * Removes what has had its time: now, and once a day. Settled writes; ended runs with what belongs to them, but never the
 * latest result of a record and job, which the card shows. A tenant whose rows cannot be removed is left for the next day.
 */
export function keepRetention(deps: { store: Store; clock: Clock; log: Log }, kept: Kept): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const running = (async () => {
    while (!stopping.signal.aborted) {
      await expireAll(deps, kept, stopping.signal).catch((error: unknown) =>
        deps.log.error(faultForLog(error), 'old rows could not be removed'),
      );
      await deps.clock.sleep(every_ms, stopping.signal);
    }
  })();
  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

async function expireAll(
  { store, clock, log }: { store: Store; clock: Clock; log: Log },
  kept: Kept,
  signal: AbortSignal,
): Promise<void> {
  const writesBefore_ms = clock.now_ms() - kept.writes_days * day_ms;
  const runsBefore_ms = clock.now_ms() - kept.runs_days * day_ms;
  for (const { id: tenantId } of await store.tenants()) {
    try {
      let writes = 0;
      for (let removed = batch; removed === batch && !signal.aborted; writes += removed)
        removed = await store.tenant(tenantId, (tx) => tx.expireWrites(writesBefore_ms, batch));
      let runs = 0;
      let after: EndedRun | undefined;
      do {
        const from = after;
        const { removed, next } = await store.tenant(tenantId, (tx) => tx.expireRuns(runsBefore_ms, from, batch));
        runs += removed;
        after = next;
      } while (after && !signal.aborted);
      if (writes + runs > 0) log.info({ tenant: tenantId, writes, runs }, 'old rows were removed');
    } catch (error) {
      log.error({ tenant: tenantId, ...faultForLog(error) }, 'old rows could not be removed');
    }
    if (signal.aborted) return;
  }
}
