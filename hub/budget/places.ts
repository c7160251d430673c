import type { Clock } from '../../protocol/ports/clock.ts';

/** So many calls of one account may be under way in a process, and some more for people. */
const background = 8;
const forPeople = 4;

/** Bounds the calls under way of one account, so that a vendor that hangs takes no more than these. */
export class Places {
  readonly #clock: Clock;
  #underWay = 0;
  readonly #waiting: { interactive: boolean; enter: () => void }[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** False when no place was free until the deadline. Whoever enters must leave. */
  async enter(interactive: boolean, deadline_ms: number): Promise<boolean> {
    if (this.#hasRoom(interactive)) {
      this.#underWay += 1;
      return true;
    }
    const settled = new AbortController();
    const entered = Promise.withResolvers<boolean>();
    const waiter = { interactive, enter: () => entered.resolve(true) };
    this.#waiting.push(waiter);
    const late = this.#clock.sleep(deadline_ms - this.#clock.now_ms(), settled.signal).then(() => {
      const place = this.#waiting.indexOf(waiter);
      if (place < 0) return true;
      this.#waiting.splice(place, 1);
      return false;
    });
    const has = await Promise.race([entered.promise, late]);
    settled.abort();
    return has;
  }

  leave(): void {
    this.#underWay -= 1;
    // People first, then who came first.
    for (const interactive of [true, false]) {
      const place = this.#waiting.findIndex((one) => one.interactive === interactive);
      if (place < 0 || !this.#hasRoom(interactive)) continue;
      this.#underWay += 1;
      this.#waiting.splice(place, 1)[0]?.enter();
      return;
    }
  }

  #hasRoom(interactive: boolean): boolean {
    return this.#underWay < background + (interactive ? forPeople : 0);
  }
}
