import { RetryLater } from '../../protocol/errors.ts';

/**
 * Folds concurrent calls into shared commits: while `inFlight` commits run, later calls gather and go together in the next.
 *
 *     call ─┐
 *     call ─┼─ waiting ──(a commit ends)──> commit([all of them]) ──> every call resolves
 *     call ─┘
 */
export class GroupCommit<Item> {
  readonly #commit: (items: readonly Item[]) => Promise<void>;
  readonly #inFlight: number;
  readonly #sizeOf: (item: Item) => number;
  readonly #largest: number;
  #running = 0;
  #waiting: Call<Item>[] = [];

  /** `largest`: the size after which a commit takes no further call (a single call is never split). */
  constructor(options: {
    commit: (items: readonly Item[]) => Promise<void>;
    inFlight: number;
    sizeOf: (item: Item) => number;
    largest: number;
  }) {
    this.#commit = options.commit;
    this.#inFlight = options.inFlight;
    this.#sizeOf = options.sizeOf;
    this.#largest = options.largest;
  }

  /** Resolves when the items are committed. Rejects with the fault of its own items only, unless all fail. */
  add(items: readonly Item[]): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ items, resolve, reject });
      // After this turn, so that calls made together go together.
      if (this.#running < this.#inFlight) queueMicrotask(() => void this.#drain());
    });
  }

  async #drain(): Promise<void> {
    if (this.#running >= this.#inFlight) return;
    this.#running++;
    while (this.#waiting.length > 0) await this.#run(this.#take());
    this.#running--;
  }

  #take(): Call<Item>[] {
    let size = 0;
    let count = 0;
    while (count < this.#waiting.length && (count === 0 || size < this.#largest)) {
      for (const item of this.#waiting[count]?.items ?? []) size += this.#sizeOf(item);
      count++;
    }
    return this.#waiting.splice(0, count);
  }

  async #run(calls: readonly Call<Item>[]): Promise<void> {
    try {
      await this.#commit(calls.flatMap(({ items }) => items));
      for (const { resolve } of calls) resolve();
    } catch (error) {
      // One call's bad item must not fail its neighbours: each goes alone, unless nothing goes at all.
      if (calls.length === 1 || error instanceof RetryLater) for (const { reject } of calls) reject(error);
      else for (const call of calls) await this.#run([call]);
    }
  }
}

interface Call<Item> {
  items: readonly Item[];
  resolve: () => void;
  reject: (error: unknown) => void;
}
