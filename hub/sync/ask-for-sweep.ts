import type { Clock } from '../../protocol/ports/clock.ts';
import type { Mapper } from '../../protocol/ports/mapper.ts';
import type { TenantTx } from '../../protocol/ports/store.ts';
import { objectsOf } from './reach.ts';
import { neverSwept, readSweep, sweepCursor } from './sweep-position.ts';

/**
 * The objects of an account are swept now, whenever that was done last; a sweep under way goes on. Ring `sweep` after the
 * commit. Answers the objects; undefined where there is no such account.
 */
export async function askForSweep(
  { mapper, clock }: { mapper: Mapper; clock: Clock },
  tx: TenantTx,
  installationId: string,
): Promise<string[] | undefined> {
  const installation = (await tx.installations()).find((one) => one.id === installationId);
  if (!installation || installation.state === 'disconnected') return undefined;
  const objects = objectsOf({ mapper }, installation).flatMap(({ object, ours }) => (ours ? [] : [object]));
  const now_ms = clock.now_ms();
  for (const object of objects) {
    const stand = readSweep(await tx.cursor(installationId, sweepCursor(object))) ?? neverSwept(now_ms);
    const { retryAt_ms: _, ...due } = { ...stand, nextAt_ms: now_ms };
    await tx.saveCursor(installationId, sweepCursor(object), JSON.stringify(due));
  }
  await tx.markDue(installationId, 'sweep', now_ms);
  return objects;
}
