import type { Purpose } from '../purpose.ts';

/** What a vendor's answer said of the budget. */
export interface BudgetReading {
  remaining: number | null;
  /** The window that `remaining` counts in. */
  window_ms: number | null;
  /** Not before this instant, from Retry-After or a 429. */
  retryAt_ms: number | null;
}

/** The one gate of an installation: every vendor call passes it. Budget, order (interactive first) and ledger. */
export interface Gate {
  /**
   * Waits for budget, then calls. `endpoint` is the vendor's endpoint class (`search` has a limit of its own).
   * `reading` is told what the answer said. Throws RetryLater instead of waiting longer than 5 s.
   */
  call<T>(
    about: { endpoint: string; object: string; count: number; purpose: Purpose },
    send: (report: (reading: BudgetReading) => void) => Promise<T>,
  ): Promise<T>;
}
