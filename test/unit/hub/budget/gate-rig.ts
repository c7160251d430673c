import { InstallationGate, type GateOptions } from '../../../../hub/budget/installation-gate.ts';
import type { BudgetReading } from '../../../../protocol/ports/gate.ts';
import { BudgetsInMemory } from '../../../kit/budgets-in-memory.ts';

export const start_ms = 1_795_000_000_000;
const silentReading: BudgetReading = { remaining: null, window_ms: null, retryAt_ms: null };

class CountingBudgets extends BudgetsInMemory {
  takes = 0;

  override take(...asked: Parameters<BudgetsInMemory['take']>): ReturnType<BudgetsInMemory['take']> {
    this.takes += 1;
    return super.take(...asked);
  }
}

/** Gates of one account in several processes; time passes only by sleeping, or when the test says so. */
export function gateRig(options: Partial<GateOptions> = {}) {
  let now_ms = start_ms;
  const clock = {
    now_ms: () => now_ms,
    sleep: async (duration_ms: number, signal?: AbortSignal) => {
      // Whoever waits in vain for a place would move the time of all.
      if (signal) await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
      else now_ms += duration_ms;
    },
  };
  const store = new CountingBudgets();
  const gate = (): InstallationGate => {
    const one = new InstallationGate({
      account: { tenantId: 'a', installationId: 'hs' },
      limits: { default: { calls: 100, window_ms: 10_000 } },
      store,
      clock,
      log: { info: () => undefined, warn: () => undefined, error: () => undefined },
      chance: () => 0,
      record: () => undefined,
      ...options,
    });
    store.watch(() => one.lookAgain());
    return one;
  };
  /** When a call that is made now goes, by the rig's clock. */
  const call = (
    through: InstallationGate,
    reading: Partial<BudgetReading> | Error = {},
    lane: 'interactive' | 'background' = 'interactive',
  ): Promise<number> =>
    through.call({ endpoint: 'crm', object: 'deals', count: 1, purpose: { lane, what: 'test' } }, async (report) => {
      if (reading instanceof Error) throw reading;
      report({ ...silentReading, ...reading });
      return now_ms - start_ms;
    });
  const pass = (duration_ms: number): void => void (now_ms += duration_ms);
  return { gate, call, pass, store, clock };
}
