import { RetryLater } from '../protocol/errors.ts';
import type { Clock } from '../protocol/ports/clock.ts';
import type { Ids } from '../protocol/ports/ids.ts';
import type { Leases } from '../protocol/ports/leases.ts';

/** Runs work on an account's grant while no other process does. */
export type GrantLock = <T>(
  account: { tenantId: string; installationId: string },
  work: () => Promise<T>,
) => Promise<T>;

/** Who waits for a process that was killed waits so long at most. */
const lease_ms = 6_000;
const renewEvery_ms = 1_500;
/** Longer than a call for a token may take: work that is not done by then hangs, and is not waited for. */
const longestWork_ms = 40_000;
const lookEvery_ms = 100;
const longestWait_ms = 5_000;

/**
 * A lease, not a lock of the database: no connection is held while the vendor is called. It is short, and renewed while the work
 * goes on. Should it be lost all the same (a process that stood still), two ask for a token: who comes second finds the
 * grant replaced and takes it over. Throws RetryLater instead of waiting longer than 5 s.
 */
export function grantLock({ leases, clock, ids }: { leases: Leases; clock: Clock; ids: Ids }): GrantLock {
  const keep = async (holder: string, signal: AbortSignal): Promise<void> => {
    const end_ms = clock.now_ms() + longestWork_ms - lease_ms;
    for (;;) {
      await clock.sleep(renewEvery_ms, signal);
      const now_ms = clock.now_ms();
      if (signal.aborted || now_ms > end_ms) return;
      // Where the store does not answer it is tried again, as long as the lease lasts and after.
      await leases.renew('token', { holder, now_ms, lease_ms }).catch(() => undefined);
    }
  };
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
    const done = new AbortController();
    void keep(holder, done.signal);
    try {
      return await work();
    } finally {
      done.abort();
      // Where the store does not answer the lease passes by itself; what the work gave stands.
      await leases.giveBack(key, holder).catch(() => undefined);
    }
  };
}
