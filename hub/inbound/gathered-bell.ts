import type { Bell, WorkAddress } from '../../protocol/ports/bell.ts';
import type { Clock } from '../../protocol/ports/clock.ts';

/** Ringing costs the queue more than storing what it is about: between two rings lies this, and a multiple of how long one took. */
const pause_ms = 20;
const restShare = 9;

/**
 * A bell for doors with many callers: the first ring goes at once, rings made shortly after it go together in the next, each
 * address once. Nobody waits for it, since what is stored is durable and the scan of due work hears what a lost ring
 * did not say.
 */
export class GatheredBell implements Bell {
  readonly #bell: Bell;
  readonly #clock: Clock;
  #waiting = new Map<string, WorkAddress>();
  #ringing = false;

  constructor(bell: Bell, clock: Clock) {
    this.#bell = bell;
    this.#clock = clock;
  }

  async ring(addresses: readonly WorkAddress[]): Promise<void> {
    for (const address of addresses)
      this.#waiting.set(JSON.stringify([address.tenantId, address.installationId, address.lane]), address);
    if (!this.#ringing) void this.#ringAll();
  }

  async #ringAll(): Promise<void> {
    this.#ringing = true;
    while (this.#waiting.size > 0) {
      const addresses = [...this.#waiting.values()];
      this.#waiting = new Map();
      const began_ms = this.#clock.now_ms();
      // The queue reports its own faults.
      await this.#bell.ring(addresses).catch(() => undefined);
      await this.#clock.sleep(Math.max(pause_ms, restShare * (this.#clock.now_ms() - began_ms)));
    }
    this.#ringing = false;
  }
}
