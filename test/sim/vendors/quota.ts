import type { Clock } from '../../../protocol/ports/clock.ts';

/** So many calls in any window of this length, by the vendor's documentation. */
export interface Limit {
  endpoint: string | null;
  calls: number;
  window_ms: number;
}

/** What a process needs at most to tell the others what it was told. */
const storing_ms = 50;

/** What an account allows and what was used: it counts, it refuses nothing. */
export class Quota {
  readonly #clock: Clock;
  readonly #limits: readonly Limit[];
  readonly #calls: { at_ms: number; endpoint: string }[] = [];
  /** The instants before which no call may come, by the vendor's own word. */
  #closed: { toldAt_ms: number; until_ms: number }[] = [];
  #deafUntil_ms = 0;
  /** Calls beyond a limit or before the instant that the vendor named. */
  readonly excess: string[] = [];

  constructor(clock: Clock, limits: readonly Limit[]) {
    this.#clock = clock;
    this.#limits = limits;
  }

  count(endpoint: string): void {
    const now_ms = this.#clock.now_ms();
    const until_ms = Math.max(0, ...this.#closed.map((one) => one.until_ms));
    if (now_ms < until_ms) this.excess.push(`${endpoint} was called ${until_ms - now_ms} ms before the vendor allowed`);
    this.#calls.push({ at_ms: now_ms, endpoint });
    for (const limit of this.#limits) {
      const used = this.#calls.filter(
        (call) => call.at_ms > now_ms - limit.window_ms && (limit.endpoint ?? call.endpoint) === call.endpoint,
      ).length;
      if (used > limit.calls)
        this.excess.push(`${used} calls of ${limit.endpoint ?? 'any kind'} in ${limit.window_ms} ms`);
    }
    const longest_ms = Math.max(0, ...this.#limits.map((limit) => limit.window_ms));
    while (this.#calls[0] && this.#calls[0].at_ms <= now_ms - longest_ms) this.#calls.shift();
  }

  /** The vendor names an instant before which no call may come. */
  close(until_ms: number): void {
    const toldAt_ms = this.#clock.now_ms();
    if (toldAt_ms >= this.#deafUntil_ms) this.#closed.push({ toldAt_ms, until_ms });
  }

  /** The process that called is dead: nobody knows what it was told just now, or is told from now on in answer to it. */
  callerDied(answersUntil_ms: number): void {
    const now_ms = this.#clock.now_ms();
    this.#closed = this.#closed.filter(({ toldAt_ms }) => toldAt_ms < now_ms - storing_ms);
    this.#deafUntil_ms = answersUntil_ms;
  }
}
