import { Fault, RetryLater } from '../../protocol/errors.ts';
import { faultForLog } from '../../protocol/fault-for-log.ts';
import type { WorkAddress } from '../../protocol/ports/bell.ts';
import type { Run } from '../../protocol/run.ts';
import { attemptRun, lease_ms } from './attempt-run.ts';
import type { RunDeps } from './deps.ts';
import { failRun, fileOutcome, giveBackRun } from './end-run.ts';
import { CallbackTeller } from './tell-callbacks.ts';

const lookAgain_ms = 2_000;
const mostAtOnce = 6;
const mostTries = 3;

/**
 * Performs runs. A run is claimed with a lease that is renewed while it works; a run whose performer died is taken up
 * again. What a run made is filed in one transaction with its end, once: a performer that lost its lease files nothing.
 */
export class Performer {
  readonly #deps: RunDeps;
  readonly #callbacks: CallbackTeller;
  readonly #stopping = new AbortController();
  readonly #inHand = new Set<Promise<void>>();
  readonly #claims = new Set<Promise<unknown>>();

  constructor(deps: RunDeps) {
    this.#deps = deps;
    this.#callbacks = new CallbackTeller(deps);
  }

  /** One look at a tenant's runs. Answers when to look again while any is unfinished, or a workflow step waits to be told. */
  async look({ tenantId }: WorkAddress): Promise<number | undefined> {
    const { clock } = this.#deps;
    // The next performer looks.
    if (this.#stopping.signal.aborted) return clock.now_ms();
    const claim = this.#claim(tenantId);
    this.#claims.add(claim);
    const next_ms = await claim.finally(() => this.#claims.delete(claim));
    const tellAt_ms = await this.#callbacks.tell(tenantId);
    // What could be claimed now found no hand free; whoever ends a run rings.
    const lookAt_ms = next_ms === undefined ? undefined : Math.max(next_ms, clock.now_ms() + lookAgain_ms);
    if (lookAt_ms === undefined || tellAt_ms === undefined) return lookAt_ms ?? tellAt_ms;
    return Math.min(lookAt_ms, tellAt_ms);
  }

  /** Stops taking runs. Those in hand are cut off and given back, so that the next performer takes them up at once. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.allSettled(this.#claims);
    await Promise.allSettled(this.#inHand);
  }

  async #claim(tenantId: string): Promise<number | undefined> {
    const { store, clock } = this.#deps;
    const free = mostAtOnce - this.#inHand.size;
    const { runs, next_ms } = await store.tenant(tenantId, async (tx) => {
      const now_ms = clock.now_ms();
      return {
        runs: free > 0 ? await tx.claimRuns(now_ms, now_ms + lease_ms, free) : [],
        next_ms: await tx.nextRun(),
      };
    });
    for (const run of runs) {
      const work = this.#perform(run).finally(() => this.#inHand.delete(work));
      this.#inHand.add(work);
    }
    return next_ms;
  }

  async #perform(run: Run): Promise<void> {
    const { log, bell } = this.#deps;
    try {
      await this.#attempt(run);
    } catch (error) {
      await this.#endBadly(run, error as Error).catch((fault: unknown) =>
        log.error({ run: run.id, ...faultForLog(fault) }, 'the end of an attempt could not be stored'),
      );
    }
    await bell.ring([{ tenantId: run.tenantId, installationId: '', lane: 'runs' }]).catch(() => undefined);
  }

  async #attempt(run: Run): Promise<void> {
    if (tries(run) > mostTries)
      throw new Fault(`Rapport ended unexpectedly ${mostTries} times while it worked on this.`);
    const { run: latest, outcome } = await attemptRun(this.#deps, run, this.#stopping.signal);
    await fileOutcome(this.#deps, latest, outcome);
  }

  async #endBadly(run: Run, error: Error): Promise<void> {
    const now_ms = this.#deps.clock.now_ms();
    if (this.#stopping.signal.aborted) await giveBackRun(this.#deps, run, now_ms, 'stop');
    else if (error instanceof RetryLater && tries(run) < mostTries)
      await giveBackRun(this.#deps, run, error.retryAt_ms, 'later');
    else await failRun(this.#deps, run, error);
  }
}

function tries(run: Run): number {
  return run.attempts - run.stops;
}
