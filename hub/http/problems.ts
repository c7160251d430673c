import type { Vendor } from '../../protocol/nouns.ts';

export interface Problem {
  vendor: Vendor;
  cause: 'unverified' | 'too_large' | 'unreadable' | 'unknown_account' | 'database_down';
  detail: string;
  remedy: string;
  count: number;
  latestAt: string;
}

const remembered = 200;

/** What went wrong with inbound requests since this process started, for `rapport status`. Bounded; no values. */
export class Problems {
  readonly #problems = new Map<string, Problem>();

  add(vendor: Vendor, cause: Problem['cause'], detail: string, remedy: string, now_ms: number): void {
    const key = `${vendor} ${cause} ${detail}`;
    const known = this.#problems.get(key);
    this.#problems.delete(key);
    this.#problems.set(key, {
      vendor,
      cause,
      detail,
      remedy,
      count: (known?.count ?? 0) + 1,
      latestAt: new Date(now_ms).toISOString(),
    });
    const [oldest] = this.#problems.keys();
    if (this.#problems.size > remembered && oldest !== undefined) this.#problems.delete(oldest);
  }

  list(): Problem[] {
    return [...this.#problems.values()].reverse();
  }
}
