import { openAccount, type AccountState } from '../../protocol/account-state.ts';
import {
  givenBy,
  inSlots,
  nextCallAt,
  rolled,
  slotEnd_ms,
  type Ask,
  type CallWindow,
} from '../../protocol/call-window.ts';
import type { Account, Block, BudgetStore } from '../../protocol/ports/budget-store.ts';

/** Budgets of processes that are none: for the simulator and for unit tests. Announcements come in the same turn. */
export class BudgetsInMemory implements BudgetStore {
  readonly #windows = new Map<string, CallWindow>();
  readonly #states = new Map<string, { version: number; state: AccountState }>();
  readonly #listeners: ((account: Account | undefined) => void)[] = [];

  async take(account: Account, endpoint: string, ask: Ask): Promise<Block> {
    const { window_ms } = ask.limit;
    const key = JSON.stringify([account.tenantId, account.installationId, endpoint]);
    const asked = inSlots(ask);
    const window = rolled(this.#windows.get(key), asked);
    const calls = givenBy(window, asked);
    const [newest = 0, ...older] = window.counts;
    this.#windows.set(key, {
      ...window,
      counts: [newest + calls, ...older],
      pacedUntil_ms: window.pacedUntil_ms + calls * asked.step_ms,
    });
    return { calls, until_ms: slotEnd_ms(window, window_ms), nextAt_ms: nextCallAt(window, asked, window_ms) };
  }

  async readState(account: Account): Promise<{ version: number; state: AccountState }> {
    return this.#states.get(nameOf(account)) ?? { version: 0, state: openAccount };
  }

  async swapState(account: Account, version: number, state: AccountState): Promise<boolean> {
    if ((this.#states.get(nameOf(account))?.version ?? 0) !== version) return false;
    this.#states.set(nameOf(account), { version: version + 1, state });
    return true;
  }

  async announce(account: Account): Promise<void> {
    for (const listener of this.#listeners) listener(account);
  }

  watch(listener: (account: Account | undefined) => void): void {
    this.#listeners.push(listener);
  }
}

function nameOf({ tenantId, installationId }: Account): string {
  return JSON.stringify([tenantId, installationId]);
}
