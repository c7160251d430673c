import { RetryLater } from '../protocol/errors.ts';
import type { Clock } from '../protocol/ports/clock.ts';
import type { Ids } from '../protocol/ports/ids.ts';
import type { Leases } from '../protocol/ports/leases.ts';

/** Runs work on an account's grant while no other process does. */
export type GrantLock = <T>(
  account: { tenantId: string; installationId: string },
  work: () => Promise<T>,
) => Promise<T>;

/** Longer than a call for a token may take: its holder is dead then. */
const lease_ms = 40_000;
const lookEvery_ms = 100;
const longestWait_ms = 5_000;

/**
 * A lease, not a lock of the database: no connection is held while the vendor is called. Throws RetryLater instead of waiting
 * longer than 5 s.
 */
export function grantLock({ leases, clock, ids }: { leases: Leases; clock: Clock; ids: Ids }): GrantLock {
  return async (account, work) => {
    const key = { ...account, what: 'token' } as const;
    const holder = ids.next();
    const deadline_ms = clock.now_ms() + longestWait_ms;
    while (!(await leases.take(key, { holder, now_ms: clock.now_ms(), lease_ms }))) {
      const now_ms = clock.now_ms();
      if (now_ms >= deadline_ms)
        throw new RetryLater('Another process renews the grant of this account.', now_ms + 1_000);
      await clock.sleep(lookEvery_ms);
    }
    try {
      return await work();
    } finally {
      // Where the store does not answer the lease passes by itself; what the work gave stands.
      await leases.giveBack(key, holder).catch(() => undefined);
    }
  };
}
