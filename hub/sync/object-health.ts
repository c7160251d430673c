import type { Installation } from '../../protocol/nouns.ts';
import type { Mapper } from '../../protocol/ports/mapper.ts';
import type { TenantTx } from '../../protocol/ports/store.ts';
import { readPosition } from './poll-position.ts';
import { pollCursor } from './poll-walk.ts';
import { objectsOf } from './reach.ts';
import { readSweep, sweepCursor, type SweepCertificate } from './sweep-position.ts';

/** How well what is known of an object agrees with its vendor. */
export interface ObjectHealth {
  object: string;
  /** How far behind the vendor the latest whole poll is; null: none was whole yet. */
  lag_ms: number | null;
  /** The latest sweep that was whole; null: none yet. Agreement is `equal` of `rows`, drift is `unseen` and `missing`. */
  sweep: SweepCertificate | null;
  /** A sweep under way: rows compared so far, and since when. */
  sweeping: { rows: number; startedAt_ms: number } | null;
}

/** The objects of an account that people change too. */
export async function objectHealth(
  mapper: Mapper,
  tx: TenantTx,
  installation: Installation,
  now_ms: number,
): Promise<ObjectHealth[]> {
  const health: ObjectHealth[] = [];
  for (const { object, ours } of objectsOf({ mapper }, installation)) {
    if (ours) continue;
    const { wholeAt_ms } = readPosition(await tx.cursor(installation.id, pollCursor(object)));
    const sweep = readSweep(await tx.cursor(installation.id, sweepCursor(object)));
    health.push({
      object,
      lag_ms: wholeAt_ms === 0 ? null : now_ms - wholeAt_ms,
      sweep: sweep?.last ?? null,
      sweeping: sweep?.walk ? { rows: sweep.walk.rows, startedAt_ms: sweep.walk.startedAt_ms } : null,
    });
  }
  return health;
}
