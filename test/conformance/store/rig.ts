import type { NewTenant } from '../../../hub/store/admin.ts';
import type { Clock } from '../../../protocol/ports/clock.ts';
import type { Leases } from '../../../protocol/ports/leases.ts';
import type { Store } from '../../../protocol/ports/store.ts';

/** A store with the means to fill it. */
export interface TestedStore extends Store {
  provisionTenant(tenant: NewTenant): Promise<void>;
  leases: Leases;
  close(): Promise<void>;
}

/** What a suite of the store works with: tenants `a` and `b`, each with installations `hs` and `sf` of equal ids. */
export interface StoreRig {
  store: TestedStore;
  clock: TestClock;
}

export interface TestClock extends Clock {
  set(now_ms: number): void;
}

export const start_ms = Date.UTC(2026, 10, 22, 12);

export function tenantNamed(id: string): NewTenant {
  return {
    id,
    name: `Tenant ${id}`,
    aiEnabled: id === 'a',
    installations: [
      { id: 'hs', vendor: 'hubspot', accountId: `portal-${id}`, state: 'writing', confirmed: true, grant: { key: id } },
      {
        id: 'sf',
        vendor: 'salesforce',
        accountId: `org-${id}`,
        state: 'observing',
        confirmed: false,
        grant: { key: id },
      },
    ],
  };
}

export function testClock(): TestClock {
  let now_ms = start_ms;
  return {
    now_ms: () => now_ms,
    sleep: async () => undefined,
    set: (next_ms) => {
      now_ms = next_ms;
    },
  };
}
