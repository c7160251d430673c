import type { Clock } from '../../../../protocol/ports/clock.ts';

/** Time that passes when the test says so; who sleeps wakes in order. */
export class VirtualClock implements Clock {
  #now_ms: number;
  readonly #sleepers = new Set<{ at_ms: number; wake: () => void }>();

  constructor(start_ms: number) {
    this.#now_ms = start_ms;
  }

  now_ms(): number {
    return this.#now_ms;
  }

  sleep(duration_ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const sleeper = {
        at_ms: this.#now_ms + duration_ms,
        wake: () => {
          this.#sleepers.delete(sleeper);
          resolve();
        },
      };
      this.#sleepers.add(sleeper);
      signal?.addEventListener('abort', sleeper.wake, { once: true });
    });
  }

  pass(duration_ms: number): void {
    this.#now_ms += duration_ms;
    for (const sleeper of [...this.#sleepers].toSorted((a, b) => a.at_ms - b.at_ms))
      if (sleeper.at_ms <= this.#now_ms) sleeper.wake();
  }
}
