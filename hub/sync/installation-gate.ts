import { RetryLater } from '../../protocol/errors.ts';
import type { Purpose } from '../../protocol/purpose.ts';
import type { Clock } from '../../protocol/ports/clock.ts';
import type { BudgetReading, Gate } from '../../protocol/ports/gate.ts';

/** So many calls in a window, by the vendor's documentation. */
export interface Budget {
  calls: number;
  window_ms: number;
}

/** Calls made, for the ledger. */
export interface LedgerEntry {
  endpoint: string;
  object: string;
  count: number;
  purpose: Purpose;
}

const longestWait_ms = 5_000;
/** Background work leaves this share of a budget to people who wait. */
const interactiveReserve = 0.2;
/**
 * So much of a budget may go at once; the rest goes in even steps (a token bucket inside the vendor's window). Under steady
 * load every call waits a little, and none for a whole window that others used up.
 */
const burstShare = 0.2;

/** The gate of one installation: a sliding window per endpoint class, the vendor's own word on top, interactive calls first. */
export class InstallationGate implements Gate {
  readonly #clock: Clock;
  readonly #budgets: Readonly<Record<string, Budget>>;
  readonly #record: (entry: LedgerEntry) => void;
  /** Instants of recent calls by endpoint class, oldest first. */
  readonly #recent = new Map<string, number[]>();
  /** When the bucket of an endpoint class is full again. */
  readonly #pacedUntil_ms = new Map<string, number>();
  #closedUntil_ms = 0;
  #waitingInteractive = 0;

  /** An endpoint class without a budget is not limited; `default` is that of all classes without one of their own. */
  constructor(clock: Clock, budgets: Readonly<Record<string, Budget>>, record: (entry: LedgerEntry) => void) {
    this.#clock = clock;
    this.#budgets = budgets;
    this.#record = record;
  }

  async call<T>(about: LedgerEntry, send: (report: (reading: BudgetReading) => void) => Promise<T>): Promise<T> {
    await this.#enter(about);
    this.#record(about);
    return send((reading) => this.#read(reading));
  }

  async #enter({ endpoint, purpose }: LedgerEntry): Promise<void> {
    const interactive = purpose.lane === 'interactive';
    const deadline_ms = this.#clock.now_ms() + longestWait_ms;
    if (interactive) this.#waitingInteractive += 1;
    try {
      for (;;) {
        const now_ms = this.#clock.now_ms();
        const free_ms = this.#freeAt(endpoint, interactive, now_ms);
        if (free_ms <= now_ms) return;
        if (free_ms > deadline_ms)
          throw new RetryLater('The account’s call budget is used up for the moment.', free_ms);
        await this.#clock.sleep(free_ms - now_ms);
      }
    } finally {
      if (interactive) this.#waitingInteractive -= 1;
    }
  }

  /** When a call may go; takes a place in the window if that is now. */
  #freeAt(endpoint: string, interactive: boolean, now_ms: number): number {
    if (this.#closedUntil_ms > now_ms) return this.#closedUntil_ms;
    const key = this.#budgets[endpoint] ? endpoint : 'default';
    const budget = this.#budgets[key];
    if (!budget) return now_ms;
    const recent = (this.#recent.get(key) ?? []).filter((at_ms) => at_ms > now_ms - budget.window_ms);
    const allowed = interactive ? budget.calls : Math.max(1, Math.floor(budget.calls * (1 - interactiveReserve)));
    if (!interactive && this.#waitingInteractive > 0 && recent.length >= allowed) return now_ms + 50;
    if (recent.length >= allowed) return (recent[recent.length - allowed] as number) + budget.window_ms;
    const burst = Math.max(1, Math.floor(budget.calls * burstShare));
    const step_ms = budget.window_ms / Math.max(1, budget.calls - burst);
    const paced_ms = Math.max(this.#pacedUntil_ms.get(key) ?? 0, now_ms);
    const turn_ms = paced_ms - (burst - 1) * step_ms;
    if (turn_ms > now_ms) return Math.ceil(turn_ms);
    this.#pacedUntil_ms.set(key, paced_ms + step_ms);
    recent.push(now_ms);
    this.#recent.set(key, recent);
    return now_ms;
  }

  #read(reading: BudgetReading): void {
    if (reading.retryAt_ms !== null) this.#closedUntil_ms = Math.max(this.#closedUntil_ms, reading.retryAt_ms);
    const spent = reading.remaining === 0 && reading.window_ms !== null;
    if (spent)
      this.#closedUntil_ms = Math.max(
        this.#closedUntil_ms,
        this.#clock.now_ms() + Math.min(1_000, reading.window_ms as number),
      );
  }
}
