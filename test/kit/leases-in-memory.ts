import type { LeaseKey, Leases, LeaseTerm } from '../../protocol/ports/leases.ts';

/** Leases of processes that are none: for the simulator and for unit tests. */
export class LeasesInMemory implements Leases {
  readonly #rows = new Map<string, { key: LeaseKey; holder: string | null; until_ms: number }>();

  async offer(key: LeaseKey): Promise<void> {
    if (!this.#rows.has(nameOf(key))) this.#rows.set(nameOf(key), { key, holder: null, until_ms: 0 });
  }

  async withdraw(key: LeaseKey): Promise<void> {
    this.#rows.delete(nameOf(key));
  }

  async take(key: LeaseKey, { holder, now_ms, lease_ms }: LeaseTerm): Promise<boolean> {
    const row = this.#rows.get(nameOf(key));
    if (row && row.until_ms > now_ms) return false;
    this.#rows.set(nameOf(key), { key, holder, until_ms: now_ms + lease_ms });
    return true;
  }

  async takeOffered(what: LeaseKey['what'], term: LeaseTerm, limit: number): Promise<LeaseKey[]> {
    const free = [...this.#rows.values()]
      .filter(({ key, until_ms }) => key.what === what && until_ms <= term.now_ms)
      .toSorted((a, b) => a.until_ms - b.until_ms)
      .slice(0, limit);
    for (const row of free) Object.assign(row, { holder: term.holder, until_ms: term.now_ms + term.lease_ms });
    return free.map(({ key }) => key);
  }

  async renew(what: LeaseKey['what'], { holder, now_ms, lease_ms }: LeaseTerm): Promise<LeaseKey[]> {
    const held = [...this.#rows.values()].filter((row) => row.key.what === what && row.holder === holder);
    for (const row of held) row.until_ms = now_ms + lease_ms;
    return held.map(({ key }) => key);
  }

  async giveBack(key: LeaseKey, holder: string): Promise<void> {
    const row = this.#rows.get(nameOf(key));
    if (row?.holder === holder) Object.assign(row, { holder: null, until_ms: 0 });
  }

  /** Who took it last and did not give it back, also when it has passed since. */
  holderOf(key: LeaseKey): string | null {
    return this.#rows.get(nameOf(key))?.holder ?? null;
  }
}

function nameOf({ tenantId, installationId, what }: LeaseKey): string {
  return JSON.stringify([tenantId, installationId, what]);
}
