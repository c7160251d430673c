import type { Bell, WorkAddress } from '../../protocol/ports/bell.ts';

/**
 * A bell for doors with many callers: a ring is taken at once, and rings made while one is under way go together in the next,
 * each address once. Nobody waits for it, since what is stored is durable and the scan of due work hears what a lost ring
 * did not say.
 */
export class GatheredBell implements Bell {
  readonly #bell: Bell;
  #waiting = new Map<string, WorkAddress>();
  #ringing = false;

  constructor(bell: Bell) {
    this.#bell = bell;
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
      // The queue reports its own faults.
      await this.#bell.ring(addresses).catch(() => undefined);
    }
    this.#ringing = false;
  }
}
