import { workLanes, type WorkAddress } from '../../../protocol/ports/bell.ts';
import type { Store } from '../../../protocol/ports/store.ts';
import { inOrder } from './in-order.ts';
import { keyOf } from './table.ts';

interface DueRow {
  address: WorkAddress;
  dueAt_ms: number | null;
  leasedUntil_ms: number | null;
}

/**
 * Where work waits, over all tenants. Each method is one statement, which nothing interrupts. A transaction's marks are made
 * at the moment it commits, so that nobody ever waits for one.
 */
export class DueTable {
  readonly #rows = new Map<string, DueRow>();

  mark(address: WorkAddress, due_ms: number): void {
    const key = nameOf(address);
    const row = this.#rows.get(key);
    if (!row) this.#rows.set(key, { address, dueAt_ms: due_ms, leasedUntil_ms: null });
    else row.dueAt_ms = Math.min(row.dueAt_ms ?? Infinity, due_ms);
  }

  readonly statements: Pick<Store, 'dueNow' | 'claim' | 'release'> = {
    dueNow: async (now_ms, limit, lanes = workLanes) => {
      const ready = [...this.#rows.values()].filter(
        (row) => lanes.includes(row.address.lane) && wakeAt_ms(row) <= now_ms,
      );
      const oldest = inOrder(
        ready,
        wakeAt_ms,
        ({ address }) => address.tenantId,
        ({ address }) => address.installationId,
        ({ address }) => address.lane,
      );
      return oldest.slice(0, limit).map(({ address }) => ({ ...address }));
    },

    claim: async (address, now_ms, lease_ms) => {
      const row = this.#rows.get(nameOf(address));
      if (!row || wakeAt_ms(row) > now_ms) return undefined;
      row.leasedUntil_ms = now_ms + lease_ms;
      row.dueAt_ms = null;
      return { address, until_ms: row.leasedUntil_ms };
    },

    release: async ({ address, until_ms }, next_ms) => {
      const row = this.#rows.get(nameOf(address));
      if (row?.leasedUntil_ms !== until_ms) return;
      row.leasedUntil_ms = null;
      if (next_ms !== undefined) row.dueAt_ms = Math.min(row.dueAt_ms ?? Infinity, next_ms);
      else if (row.dueAt_ms === null) this.#rows.delete(nameOf(address));
    },
  };
}

/** While a lease runs, a mark is kept beside it and nobody may claim. */
function wakeAt_ms({ dueAt_ms, leasedUntil_ms }: DueRow): number {
  return leasedUntil_ms ?? dueAt_ms ?? Infinity;
}

function nameOf({ tenantId, installationId, lane }: WorkAddress): string {
  return keyOf(tenantId, installationId, lane);
}
