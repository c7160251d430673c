import { answering, closedUntil, down, probing, told, type AccountState } from '../../protocol/account-state.ts';
import type { CallLimit } from '../../protocol/call-window.ts';
import { RetryLater, Uncertain } from '../../protocol/errors.ts';
import type { Purpose } from '../../protocol/purpose.ts';
import type { Account, BudgetStore } from '../../protocol/ports/budget-store.ts';
import type { Clock } from '../../protocol/ports/clock.ts';
import type { BudgetReading, Gate } from '../../protocol/ports/gate.ts';
import type { Log } from '../../protocol/ports/log.ts';
import { AccountWatch } from './account-watch.ts';
import { CallBlocks } from './call-blocks.ts';
import { Places } from './places.ts';

/** Calls made, for the ledger. */
export interface LedgerEntry {
  endpoint: string;
  object: string;
  count: number;
  purpose: Purpose;
}

export interface GateOptions {
  account: Account;
  /** By endpoint class; `default` is that of all classes without one of their own. A class without a limit is not limited. */
  limits: Readonly<Record<string, CallLimit>>;
  store: BudgetStore;
  clock: Clock;
  log: Log;
  /** A number of [0, 1), drawn anew. */
  chance: () => number;
  record: (entry: LedgerEntry) => void;
}

const longestWait_ms = 5_000;
/** So many calls in a row without a sound answer mean that the vendor is down. */
const failuresToTrip = 5;
/** Of a limit that the vendor names itself we use this share: answers and clocks are not exact. */
const shareOfNamed = 0.965;
/** Of an allowance for hours background work leaves this share to people; a reading is believed this long. */
const allowanceReserve = 0.1;
const believed_ms = 15 * 60_000;
const longWindow_ms = 3_600_000;

/**
 * The gate of one installation in this process. What is left to call, until when the vendor closed the account and whether it is
 * down is shared with all processes; see `BudgetStore`.
 */
export class InstallationGate implements Gate {
  readonly #options: GateOptions;
  readonly #watch: AccountWatch;
  readonly #blocks: CallBlocks;
  readonly #places: Places;
  /** Limits as the vendor named them. */
  readonly #named = new Map<string, number>();
  #failures = 0;

  constructor(options: GateOptions) {
    this.#options = options;
    this.#watch = new AccountWatch(options);
    this.#blocks = new CallBlocks(options);
    this.#places = new Places(options.clock);
  }

  /** Another process may have changed the account's state. */
  lookAgain(): void {
    this.#watch.lookAgain();
  }

  async call<T>(about: LedgerEntry, send: (report: (reading: BudgetReading) => void) => Promise<T>): Promise<T> {
    const interactive = about.purpose.lane === 'interactive';
    const deadline_ms = this.#options.clock.now_ms() + longestWait_ms;
    if (!(await this.#places.enter(interactive, deadline_ms)))
      throw new RetryLater('The account’s calls under way take too long.', deadline_ms + 1_000);
    try {
      const isProbe = await this.#wait(about, deadline_ms);
      this.#options.record(about);
      return await this.#heard(isProbe, send);
    } finally {
      this.#places.leave();
    }
  }

  /** Resolves when a call may go; true when it is the one that finds out whether a vendor that was down answers again. */
  async #wait({ endpoint, purpose }: LedgerEntry, deadline_ms: number): Promise<boolean> {
    const { clock } = this.#options;
    const interactive = purpose.lane === 'interactive';
    let hasShare = false;
    for (;;) {
      const state = await this.#watch.state();
      const now_ms = clock.now_ms();
      if (state.trips > 0) {
        if (await this.#watch.change((newest) => probing(newest, now_ms))) return true;
        const { trips, downUntil_ms } = await this.#watch.state();
        if (trips > 0)
          throw new RetryLater('The vendor does not answer; one call tries it from time to time.', downUntil_ms);
        continue;
      }
      let free_ms = closedFor(state, interactive, now_ms);
      if (free_ms <= now_ms) {
        const limit = this.#limit(endpoint);
        const share: ReturnType<typeof shareOf> = hasShare ? undefined : shareOf(purpose, limit, state);
        let nextAt_ms: number | undefined = share && (await this.#blocks.take(share.name, share, interactive));
        hasShare = nextAt_ms === undefined;
        if (hasShare && limit) nextAt_ms = await this.#blocks.take(limit.name, limit, interactive);
        if (nextAt_ms === undefined) return false;
        free_ms = nextAt_ms;
      }
      if (free_ms > deadline_ms) throw new RetryLater('The account’s call budget is used up for the moment.', free_ms);
      await clock.sleep(Math.max(1, free_ms - now_ms));
    }
  }

  #limit(endpoint: string): (CallLimit & { name: string }) | undefined {
    const { limits } = this.#options;
    const name = limits[endpoint] ? endpoint : 'default';
    const limit = limits[name];
    return limit && { name, ...limit, calls: this.#named.get(name) ?? limit.calls };
  }

  async #heard<T>(isProbe: boolean, send: (report: (reading: BudgetReading) => void) => Promise<T>): Promise<T> {
    let reading: BudgetReading | undefined;
    try {
      const answer = await send((said) => {
        reading = said;
      });
      await this.#note(isProbe, reading, false);
      return answer;
    } catch (error) {
      await this.#note(isProbe, reading, error instanceof RetryLater || error instanceof Uncertain);
      throw error;
    }
  }

  async #note(isProbe: boolean, reading: BudgetReading | undefined, failed: boolean): Promise<void> {
    const { clock, chance } = this.#options;
    const now_ms = clock.now_ms();
    const isDown = reading ? reading.down === true : failed;
    this.#failures = isDown ? this.#failures + 1 : 0;
    if (isDown && (isProbe || this.#failures >= failuresToTrip)) {
      this.#failures = 0;
      const drawn = chance();
      // Calls that were under way when another found out say nothing new.
      await this.#watch.note((state) => (isProbe || state.trips === 0 ? down(state, now_ms, drawn) : state));
    }
    if (!isDown) await this.#watch.note((state) => (state.trips > 0 ? answering(state) : state));
    if (reading) await this.#watch.note((state) => this.#read(state, reading, now_ms));
  }

  #read(
    state: AccountState,
    { remaining, limit = null, window_ms, retryAt_ms }: BudgetReading,
    now_ms: number,
  ): AccountState {
    let next = retryAt_ms === null ? state : closedUntil(state, retryAt_ms);
    if (remaining === null || window_ms === null) return next;
    if (window_ms >= longWindow_ms) return limit === null ? next : told(next, { limit, remaining, at_ms: now_ms });
    if (remaining === 0) next = closedUntil(next, now_ms + Math.min(1_000, window_ms));
    const ours = this.#options.limits['default'];
    if (limit !== null && ours?.window_ms === window_ms)
      this.#named.set('default', Math.max(1, Math.floor(limit * shareOfNamed)));
    return next;
  }
}

/** A window of its own for calls that are to take no more than a share: of the vendor's window, or of a day's allowance by the hour. */
function shareOf(
  { what, share }: Purpose,
  limit: (CallLimit & { name: string }) | undefined,
  { allowance }: AccountState,
): (CallLimit & { name: string }) | undefined {
  if (share === undefined) return undefined;
  const window = limit ?? (allowance && { name: 'day', calls: allowance.limit / 24, window_ms: longWindow_ms });
  if (!window) return undefined;
  return { ...window, name: `${window.name}:${what}`, calls: Math.max(1, Math.floor(window.calls * share)) };
}

/** Until when the account is closed to this kind of call by what is known of it. */
function closedFor({ closedUntil_ms, allowance }: AccountState, interactive: boolean, now_ms: number): number {
  if (closedUntil_ms > now_ms || interactive || !allowance) return closedUntil_ms;
  const isLow = allowance.remaining < allowance.limit * allowanceReserve;
  return isLow ? Math.max(closedUntil_ms, allowance.at_ms + believed_ms) : closedUntil_ms;
}
