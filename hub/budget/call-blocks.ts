import type { CallLimit } from '../../protocol/call-window.ts';
import type { Account, Block, BudgetStore } from '../../protocol/ports/budget-store.ts';
import type { Clock } from '../../protocol/ports/clock.ts';

/** A process takes at most this share of a window at a time. */
const largestShare = 0.1;

interface Held {
  block: Block;
  left: number;
  waiting: number;
  taking: Promise<void> | undefined;
}

/**
 * Blocks of calls in hand, so that not every call asks the store: one call at first, twice as many each time a block was used up
 * before it lapsed. Calls for people have blocks of their own: what they were given is not for background work.
 */
export class CallBlocks {
  readonly #account: Account;
  readonly #store: BudgetStore;
  readonly #clock: Clock;
  readonly #held = new Map<string, Held>();

  constructor(options: { account: Account; store: BudgetStore; clock: Clock }) {
    this.#account = options.account;
    this.#store = options.store;
    this.#clock = options.clock;
  }

  /** Takes one call; where there is none answers when there may be one. */
  async take(endpoint: string, limit: CallLimit, interactive: boolean): Promise<number | undefined> {
    const held = this.#heldFor(`${endpoint} ${interactive}`);
    held.waiting += 1;
    try {
      for (;;) {
        if (held.left > 0 && held.block.until_ms > this.#clock.now_ms()) {
          held.left -= 1;
          return undefined;
        }
        held.taking ??= this.#takeBlock(held, endpoint, limit, interactive).finally(() => {
          held.taking = undefined;
        });
        await held.taking;
        if (held.block.calls === 0) return held.block.nextAt_ms;
      }
    } finally {
      held.waiting -= 1;
    }
  }

  async #takeBlock(held: Held, endpoint: string, limit: CallLimit, interactive: boolean): Promise<void> {
    const now_ms = this.#clock.now_ms();
    const usedUp = held.left === 0 && held.block.until_ms > now_ms;
    const most = Math.max(1, Math.floor(limit.calls * largestShare));
    const wanted = Math.min(most, Math.max(held.waiting, usedUp ? 2 * held.block.calls : 1));
    held.left = 0;
    held.block = await this.#store.take(this.#account, endpoint, { wanted, limit, interactive, now_ms });
    held.left = held.block.calls;
  }

  #heldFor(key: string): Held {
    let held = this.#held.get(key);
    if (!held) {
      held = { block: { calls: 0, until_ms: 0, nextAt_ms: 0 }, left: 0, waiting: 0, taking: undefined };
      this.#held.set(key, held);
    }
    return held;
  }
}
