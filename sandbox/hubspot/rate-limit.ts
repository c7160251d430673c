import { HubspotError } from './errors.ts';

/** What one window still allows, as the headers tell it. */
export interface Allowance {
  max: number;
  remaining: number;
  interval_ms: number;
}

/**
 * HubSpot's limits for an app of the marketplace (usage guidelines): 110 calls in any ten seconds per portal and app;
 * searches have a limit of their own, five in any second per portal, and carry no headers.
 */
export class RateLimits {
  readonly #now_ms: () => number;
  readonly #calls = new Map<string, number[]>();

  constructor(now_ms: () => number) {
    this.#now_ms = now_ms;
  }

  /** Counts a call; 429 `TEN_SECONDLY_ROLLING` when the window is full. */
  call(portalId: number): Allowance {
    const max = 110;
    const interval_ms = 10_000;
    const used = this.#count(`call/${portalId}`, max, interval_ms, 'TEN_SECONDLY_ROLLING');
    return { max, remaining: max - used, interval_ms };
  }

  /** Counts a search; 429 `SECONDLY` when the window is full. */
  search(portalId: number): void {
    this.#count(`search/${portalId}`, 5, 1000, 'SECONDLY');
  }

  forget(): void {
    this.#calls.clear();
  }

  #count(key: string, max: number, interval_ms: number, policyName: string): number {
    const now_ms = this.#now_ms();
    const recent = (this.#calls.get(key) ?? []).filter((at_ms) => at_ms > now_ms - interval_ms);
    this.#calls.set(key, recent);
    if (recent.length >= max) {
      const message = `You have reached your ${policyName.toLowerCase()} limit.`;
      throw new HubspotError(429, 'RATE_LIMITS', message, { errorType: 'RATE_LIMIT', policyName });
    }
    recent.push(now_ms);
    return recent.length;
  }
}
