import type { AccountState } from '../account-state.ts';
import type { Ask } from '../call-window.ts';

/** One installation of one tenant. */
export interface Account {
  tenantId: string;
  installationId: string;
}

/** Calls that one process may make, at once or one after the other, until an instant. What it does not use lapses. */
export interface Block {
  calls: number;
  until_ms: number;
  /** Where `calls` is 0: there may be some then. */
  nextAt_ms: number;
}

/**
 * What all processes know of the calls to each account. Every method throws RetryLater while the store does not answer. Instants
 * are by the callers' clocks: a host that is fast by a second may give away a second's calls twice.
 */
export interface BudgetStore {
  /** Takes at most `wanted` calls of an endpoint class; atomic over all processes. See `protocol/call-window.ts`. */
  take(account: Account, endpoint: string, ask: Ask): Promise<Block>;
  /** `version` 0 where nothing is known. */
  readState(account: Account): Promise<{ version: number; state: AccountState }>;
  /** Replaces the state that was read as `version`; false when somebody else was quicker. */
  swapState(account: Account, version: number, state: AccountState): Promise<boolean>;
  /** Has every process look at the account's state again, soon: a hint that may be lost. */
  announce(account: Account): Promise<void>;
  /** Calls back for each announcement, of any process; with undefined after some may have been lost. */
  watch(listener: (account: Account | undefined) => void): void;
}
