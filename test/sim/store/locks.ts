/** Whoever holds locks: a transaction. */
export interface Holder {
  readonly locks: Set<string>;
  /** The lock that each of its waiting statements waits for. */
  readonly waitsFor: Set<string>;
}

interface Lock {
  holder: Holder;
  queue: { holder: Holder; go: () => void }[];
}

/** Two transactions would wait for one another for ever; the one that came last is ended, as the database does. */
export class Deadlock extends Error {}

/** Locks by name, held until the transaction ends, given in the order they were asked for. */
export class Locks {
  readonly #held = new Map<string, Lock>();

  /** Undefined when the lock is had at once; throws Deadlock when waiting would never end. */
  take(holder: Holder, name: string): Promise<void> | undefined {
    if (this.tryTake(holder, name)) return undefined;
    const lock = this.#held.get(name) as Lock;
    if (this.#leadsTo(lock.holder, holder)) throw new Deadlock(`deadlock on ${name.replaceAll('\0', ' ')}`);
    holder.waitsFor.add(name);
    return new Promise((resolve) => {
      lock.queue.push({ holder, go: resolve });
    });
  }

  /** False when somebody else holds it. */
  tryTake(holder: Holder, name: string): boolean {
    const lock = this.#held.get(name);
    if (lock) return lock.holder === holder;
    this.#held.set(name, { holder, queue: [] });
    holder.locks.add(name);
    return true;
  }

  /** Gives every lock to whoever asked first. What the holder itself still waits for is never given. */
  release(holder: Holder): void {
    for (const name of holder.waitsFor) {
      const lock = this.#held.get(name);
      if (lock) lock.queue = lock.queue.filter((waiter) => waiter.holder !== holder);
    }
    holder.waitsFor.clear();
    for (const name of holder.locks) this.#pass(name);
    holder.locks.clear();
  }

  #pass(name: string): void {
    const lock = this.#held.get(name);
    const next = lock?.queue.shift();
    if (!lock || !next) {
      this.#held.delete(name);
      return;
    }
    lock.holder = next.holder;
    next.holder.locks.add(name);
    next.holder.waitsFor.delete(name);
    // Two statements of one transaction may have waited for the same lock.
    for (const waiter of lock.queue.filter(({ holder }) => holder === next.holder)) waiter.go();
    lock.queue = lock.queue.filter(({ holder }) => holder !== next.holder);
    next.go();
  }

  #leadsTo(from: Holder, to: Holder, seen = new Set<Holder>()): boolean {
    if (from === to) return true;
    if (seen.has(from)) return false;
    seen.add(from);
    for (const name of from.waitsFor) {
      const lock = this.#held.get(name);
      if (lock && this.#leadsTo(lock.holder, to, seen)) return true;
    }
    return false;
  }
}
