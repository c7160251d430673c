import { Gone, Reconnect, Rejected, RetryLater } from '../../protocol/errors.ts';
import { faultForLog } from '../../protocol/fault-for-log.ts';
import type { Callback, Run } from '../../protocol/run.ts';
import type { RunDeps } from './deps.ts';

/** At once, of one installation. */
const atOnce = 20;
/** The expiry that our answer to the vendor's call names (PT1H). After it nobody waits any more. */
const expiry_ms = 3_600_000;
const firstPause_ms = 2_000;
const longestPause_ms = 300_000;
const reconnectPause_ms = 60_000;

interface Untold {
  callback: Callback;
  run: Run;
}

interface Pause {
  until_ms: number;
  pause_ms: number;
}

/**
 * Ends the workflow steps that wait for finished runs. What cannot be told waits, twice as long each time: the whole
 * installation when its account is what fails, else the one step. Pauses are this process's own; a lost one costs one call.
 */
export class CallbackTeller {
  readonly #deps: RunDeps;
  /** By installation, and by installation and callback. */
  readonly #pauses = new Map<string, Pause>();

  constructor(deps: RunDeps) {
    this.#deps = deps;
  }

  /** Answers when to tell again, while anything is untold. */
  async tell(tenantId: string): Promise<number | undefined> {
    const untold = await this.#deps.store.tenant(tenantId, (tx) => tx.untoldCallbacks(atOnce));
    const byInstallation = [...Map.groupBy(untold, ({ callback }) => callback.installationId).values()];
    // Side by side: an account that answers slowly does not hold up the others.
    const next = (await Promise.all(byInstallation.map((some) => this.#tellInstallation(tenantId, some)))).flat();
    return next.length === 0 ? undefined : Math.min(...next);
  }

  /** Answers the instants at which to go on. */
  async #tellInstallation(tenantId: string, untold: readonly Untold[]): Promise<number[]> {
    const next: number[] = [];
    for (const one of untold) {
      const account = keyOf(tenantId, one.callback.installationId);
      const step = keyOf(tenantId, one.callback.installationId, one.callback.callbackId);
      const paused_ms = this.#pausedUntil_ms(account, step);
      if (isExpired(one.run, this.#deps.clock.now_ms())) await this.#close(tenantId, one.callback, 'expired', step);
      else if (paused_ms === undefined) next.push(...(await this.#tellOne(tenantId, one, account, step)));
      else next.push(paused_ms);
    }
    return untold.length === atOnce && next.length === 0 ? [this.#deps.clock.now_ms()] : next;
  }

  async #tellOne(tenantId: string, { callback, run }: Untold, account: string, step: string): Promise<number[]> {
    const { crm, log } = this.#deps;
    try {
      const api = await crm.api(tenantId, callback.installationId);
      const succeeded = run.state === 'succeeded';
      await api.completeCallback?.(callback.callbackId, {
        hs_execution_state: succeeded ? 'SUCCESS' : 'FAIL_CONTINUE',
        research_outcome: succeeded ? 'succeeded' : 'failed',
      });
    } catch (error) {
      log.warn({ run: run.id, ...faultForLog(error) }, 'a workflow step could not be told');
      // The step expired or was removed: nobody waits any more.
      if (!(error instanceof Gone || error instanceof Rejected)) return [this.#pause(error, account, step)];
      await this.#close(tenantId, callback, 'expired', step);
      return [];
    }
    this.#pauses.delete(account);
    await this.#close(tenantId, callback, 'completed', step);
    return [];
  }

  async #close(tenantId: string, callback: Callback, state: Callback['state'], step: string): Promise<void> {
    await this.#deps.store.tenant(tenantId, (tx) => tx.saveCallback({ ...callback, state }));
    this.#pauses.delete(step);
  }

  #pausedUntil_ms(...keys: readonly string[]): number | undefined {
    const now_ms = this.#deps.clock.now_ms();
    const until = keys.map((key) => this.#pauses.get(key)?.until_ms ?? 0).filter((until_ms) => until_ms > now_ms);
    return until.length === 0 ? undefined : Math.max(...until);
  }

  #pause(error: unknown, account: string, step: string): number {
    const key = error instanceof RetryLater || error instanceof Reconnect ? account : step;
    const last_ms = this.#pauses.get(key)?.pause_ms;
    const pause_ms =
      error instanceof Reconnect
        ? reconnectPause_ms
        : Math.min(last_ms === undefined ? firstPause_ms : last_ms * 2, longestPause_ms);
    const asked_ms = error instanceof RetryLater ? error.retryAt_ms : 0;
    const until_ms = Math.max(this.#deps.clock.now_ms() + pause_ms, asked_ms);
    this.#pauses.set(key, { until_ms, pause_ms });
    return until_ms;
  }
}

/** A step asked before the run ended, so that an hour after the end its own hour has passed. */
function isExpired(run: Run, now_ms: number): boolean {
  return run.finishedAt_ms !== null && run.finishedAt_ms + expiry_ms < now_ms;
}

function keyOf(...parts: readonly string[]): string {
  return JSON.stringify(parts);
}
