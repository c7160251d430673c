import { backOff_ms } from '../protocol/back-off.ts';
import { Reconnect, RetryLater } from '../protocol/errors.ts';
import { faultForLog } from '../protocol/fault-for-log.ts';
import { workLanes, type Bell, type WorkAddress, type WorkLane } from '../protocol/ports/bell.ts';
import type { Clock } from '../protocol/ports/clock.ts';
import type { Log } from '../protocol/ports/log.ts';
import type { Lease, Store } from '../protocol/ports/store.ts';

/** A batch of one lane. Answers when to look again, or undefined when nothing is left. */
export type LaneHandler = (address: WorkAddress) => Promise<number | undefined>;

export interface WorkerDeps {
  store: Store;
  bell: Bell & { work(lane: WorkLane, concurrency: number, handler: (address: WorkAddress) => Promise<void>): void };
  clock: Clock;
  log: Log;
  /** Told once when an account's grant turns out to be broken. */
  accountBroken(address: WorkAddress, error: Reconnect): Promise<void>;
}

/** A batch takes at most 5 s. A crashed one is taken up again after this and one scan, within 10 s. */
const lease_ms = 7_000;
const scanEvery_ms = 2_000;
/** A database that is away for a moment is asked again while the lease lasts. */
const releaseAgain_ms = 250;
/** Work that takes longer, since its vendor hangs, goes on beside the lane's places: nobody else's work waits for it. */
const slowAfter_ms = 6_000;
/** So much slow work may go on of one lane; more takes places again. */
const mostSlow = 100;
const firstFailurePause_ms = 2_000;
const longestFailurePause_ms = 60_000;
const reconnectPause_ms = 60_000;
const concurrency: Readonly<Record<WorkLane, number>> = {
  observe: 8,
  deliver: 8,
  backfill: 2,
  poll: 2,
  sweep: 2,
  runs: 4,
};

/**
 * Answers the bell: claims the address, does one batch, releases it with the next instant, and rings again when more is
 * due. A scan at boot and every 2 s rings whatever is due, so that losing the whole queue loses nothing.
 */
export function startWorkers(
  deps: WorkerDeps,
  handlers: Readonly<Partial<Record<WorkLane, LaneHandler>>>,
): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const failures = new Failures();
  const lanes = workLanes.filter((lane) => handlers[lane] !== undefined);
  const pending = new Set<Promise<void>>();
  const track = (work: Promise<void>): void => {
    const settled = work
      .catch((error: unknown) => deps.log.error(faultForLog(error), 'work failed'))
      .finally(() => pending.delete(settled));
    pending.add(settled);
  };
  const ringLater = async (address: WorkAddress, at_ms: number): Promise<void> => {
    const wait_ms = at_ms - deps.clock.now_ms();
    // Longer waits are left to the scan.
    if (wait_ms > scanEvery_ms) return;
    if (wait_ms > 0) await deps.clock.sleep(wait_ms, stopping.signal);
    if (!stopping.signal.aborted) await deps.bell.ring([address]);
  };

  for (const lane of workLanes) {
    const handler = handlers[lane];
    if (!handler) continue;
    const slow = new Set<string>();
    const once = async (address: WorkAddress): Promise<void> => {
      const lease = await deps.store.claim(address, deps.clock.now_ms(), lease_ms);
      if (!lease) return;
      const next_ms = await attempt(deps, handler, address, failures);
      await release(deps, lease, next_ms);
      if (next_ms !== undefined) track(ringLater(address, next_ms));
    };
    deps.bell.work(lane, concurrency[lane], async (address) => {
      // Its lease has passed, and it is still at it.
      if (stopping.signal.aborted || slow.has(keyOf(address))) return;
      const work = once(address);
      if (slow.size >= mostSlow || !(await isSlow(work))) return work;
      slow.add(keyOf(address));
      track(work.finally(() => slow.delete(keyOf(address))));
    });
  }
  track(scan());
  return {
    async stop() {
      stopping.abort();
      await Promise.allSettled(pending);
    },
  };

  /** Whether work goes on after a while; one that fails meanwhile is not slow. */
  async function isSlow(work: Promise<void>): Promise<boolean> {
    const settled = new AbortController();
    const late = deps.clock.sleep(slowAfter_ms, settled.signal).then(() => !settled.signal.aborted);
    const soon = work.then(
      () => false,
      () => false,
    );
    const answer = await Promise.race([soon, late]);
    settled.abort();
    return answer;
  }

  async function scan(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        await deps.bell.ring(await deps.store.dueNow(deps.clock.now_ms(), 1_000, lanes));
      } catch (error) {
        deps.log.warn(faultForLog(error), 'scan for due work failed');
      }
      await deps.clock.sleep(scanEvery_ms, stopping.signal);
    }
  }
}

async function release(deps: WorkerDeps, lease: Lease, next_ms: number | undefined): Promise<void> {
  for (;;) {
    try {
      return await deps.store.release(lease, next_ms);
    } catch (error) {
      if (deps.clock.now_ms() + releaseAgain_ms >= lease.until_ms) throw error;
      await deps.clock.sleep(releaseAgain_ms);
    }
  }
}

async function attempt(
  deps: WorkerDeps,
  handler: LaneHandler,
  address: WorkAddress,
  failures: Failures,
): Promise<number | undefined> {
  try {
    const next_ms = await handler(address);
    failures.over(address);
    return next_ms;
  } catch (error) {
    const now_ms = deps.clock.now_ms();
    if (error instanceof RetryLater) return Math.max(error.retryAt_ms, now_ms + 50);
    if (error instanceof Reconnect) {
      await deps.accountBroken(address, error);
      return now_ms + reconnectPause_ms;
    }
    deps.log.error(
      { lane: address.lane, installation: address.installationId, ...faultForLog(error) },
      'a batch failed',
    );
    return now_ms + failures.pauseAfterAnother_ms(address);
  }
}

/** How often each address has failed in a row. */
class Failures {
  readonly #inRow = new Map<string, number>();

  /** 2 s after the first, twice as long after each further one, up to a minute. */
  pauseAfterAnother_ms(address: WorkAddress): number {
    const before = this.#inRow.get(keyOf(address)) ?? 0;
    this.#inRow.set(keyOf(address), before + 1);
    return backOff_ms(firstFailurePause_ms, longestFailurePause_ms, before);
  }

  over(address: WorkAddress): void {
    this.#inRow.delete(keyOf(address));
  }
}

function keyOf({ tenantId, installationId, lane }: WorkAddress): string {
  return JSON.stringify([tenantId, installationId, lane]);
}
