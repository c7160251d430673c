import type { Purpose } from '../purpose.ts';

/** What a vendor's answer said of the budget and of the vendor's health. */
export interface BudgetReading {
  remaining: number | null;
  /** The calls that the account has in that window, by the vendor's word. */
  limit?: number | null;
  /** The window that `remaining` counts in. */
  window_ms: number | null;
  /** Not before this instant, from Retry-After or a 429. */
  retryAt_ms: number | null;
  /** The vendor could not serve anybody (a 5xx): told apart from what is wrong with this one call. */
  down?: boolean;
}

/** The one gate of an installation: every vendor call passes it. Budget, order (interactive first) and ledger. */
export interface Gate {
  /**
   * Waits for budget, then calls. `endpoint` is the vendor's endpoint class (`search` has a limit of its own).
   * `report` is told what the answer said; a call that fails with RetryLater or Uncertain and reports nothing got no answer.
   * Throws RetryLater instead of waiting longer than 5 s, and at once while the vendor is down.
   */
  call<T>(
    about: { endpoint: string; object: string; count: number; purpose: Purpose },
    send: (report: (reading: BudgetReading) => void) => Promise<T>,
  ): Promise<T>;
}
