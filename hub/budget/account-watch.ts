import { openAccount, type AccountState } from '../../protocol/account-state.ts';
import { faultForLog } from '../../protocol/fault-for-log.ts';
import type { Account, BudgetStore } from '../../protocol/ports/budget-store.ts';
import type { Log } from '../../protocol/ports/log.ts';

/** This process's view of an account's state: read once, and again after each announcement. */
export class AccountWatch {
  readonly #account: Account;
  readonly #store: BudgetStore;
  readonly #log: Log;
  #version = 0;
  #state: AccountState = openAccount;
  #stale = true;
  #reading: Promise<void> | undefined;

  constructor(options: { account: Account; store: BudgetStore; log: Log }) {
    this.#account = options.account;
    this.#store = options.store;
    this.#log = options.log;
  }

  /** Something changed, or may have. */
  lookAgain(): void {
    this.#stale = true;
  }

  async state(): Promise<AccountState> {
    while (this.#stale) {
      this.#reading ??= this.#read().finally(() => {
        this.#reading = undefined;
      });
      await this.#reading;
    }
    return this.#state;
  }

  /**
   * Makes a step that all processes then see; false where the step gives nothing or the same state. Repeated on the newest
   * state while others are quicker.
   */
  async change(step: (state: AccountState) => AccountState | undefined): Promise<boolean> {
    for (;;) {
      const before = await this.state();
      const next = step(before);
      if (next === undefined || next === before) return false;
      if (await this.#store.swapState(this.#account, this.#version, next)) {
        this.#version += 1;
        this.#state = next;
        // What only an admin wants to see is no reason for all to look.
        if (concernsCalls(before, next)) await this.#store.announce(this.#account);
        return true;
      }
      this.#stale = true;
    }
  }

  /** The same for what a vendor's answer said: the call's own outcome stands, whether the store answers or not. */
  async note(step: (state: AccountState) => AccountState): Promise<void> {
    try {
      await this.change(step);
    } catch (error) {
      this.#state = step(this.#state);
      this.#log.warn(
        { installation: this.#account.installationId, ...faultForLog(error) },
        'other processes were not told of what a vendor said of its limits',
      );
    }
  }

  async #read(): Promise<void> {
    this.#stale = false;
    try {
      const { version, state } = await this.#store.readState(this.#account);
      this.#version = version;
      this.#state = state;
    } catch (error) {
      this.#stale = true;
      throw error;
    }
  }
}

function concernsCalls(before: AccountState, next: AccountState): boolean {
  return (['closedUntil_ms', 'trips', 'downUntil_ms'] as const).some((name) => before[name] !== next[name]);
}
