import type { InboxItem, TenantTx } from '../../protocol/ports/store.ts';
import type { SyncDeps } from './deps.ts';

const shortest_ms = 200;
/** No item waits longer before it is looked at again. */
export const longestPostponed_ms = 60_000;

/** Items to look at again: soon when they are new, and each time after twice as long, up to a minute; at `by_ms` of age at the latest. */
export async function postponeItems(
  deps: SyncDeps,
  tx: TenantTx,
  items: readonly InboxItem[],
  by_ms = Infinity,
): Promise<void> {
  const now_ms = deps.clock.now_ms();
  const pause = (age_ms: number): number =>
    Math.max(shortest_ms, Math.min(pauseAfter(age_ms), Math.max(0, by_ms - age_ms)));
  for (const [pause_ms, some] of Map.groupBy(items, (item) => pause(now_ms - item.receivedAt_ms)))
    await tx.postponeInbox(
      some.map((item) => item.id),
      now_ms + pause_ms,
    );
}

function pauseAfter(age_ms: number): number {
  let pause_ms = shortest_ms;
  while (pause_ms * 2 <= age_ms && pause_ms < longestPostponed_ms) pause_ms *= 2;
  return Math.min(pause_ms, longestPostponed_ms);
}

/** When the next postponed item of an installation may be looked at: at most twice as late as it could be; undefined: none. */
export async function nextLook(
  deps: SyncDeps,
  { tenantId, installationId }: { tenantId: string; installationId: string },
): Promise<number | undefined> {
  const now_ms = deps.clock.now_ms();
  return deps.store.tenant(tenantId, async (tx) => {
    const waits = async (pause_ms: number): Promise<boolean> =>
      (await tx.takeInbox(installationId, now_ms + pause_ms, 1)).length > 0;
    if (!(await waits(longestPostponed_ms))) return undefined;
    let pause_ms = shortest_ms;
    while (pause_ms < longestPostponed_ms && !(await waits(pause_ms))) pause_ms *= 2;
    return now_ms + Math.min(pause_ms, longestPostponed_ms);
  });
}

/**
 * Hints that waited for the outcome of these rows' writes are looked at now. In the transaction that stores the outcome. True:
 * there were some; ring `observe` after the commit.
 */
export async function wakeHints(
  deps: SyncDeps,
  tx: TenantTx,
  installationId: string,
  object: string,
  externalIds: readonly string[],
): Promise<boolean> {
  const now_ms = deps.clock.now_ms();
  if (externalIds.length === 0 || (await tx.wakeInbox(installationId, object, externalIds, now_ms)) === 0) return false;
  await tx.markDue(installationId, 'observe', now_ms);
  return true;
}
