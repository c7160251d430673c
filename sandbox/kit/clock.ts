/** A vendor's clock: real time plus an offset that `POST /_sandbox/clock` moves. */
export class Clock {
  #offset_ms = 0;

  now_ms(): number {
    return Date.now() + this.#offset_ms;
  }

  get offset_ms(): number {
    return this.#offset_ms;
  }

  advance(by_ms: number): void {
    this.#offset_ms += by_ms;
  }

  reset(): void {
    this.#offset_ms = 0;
  }
}
