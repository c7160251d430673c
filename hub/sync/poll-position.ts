/** Rows that were committed late, and an index that lags, are still inside this overlap. */
const overlap_ms = 120_000;

/** How far an object was polled. */
export interface PollPosition {
  /** The newest row seen, by the vendor's stamps; at first none. */
  stamp_ms: number;
  id: string;
  /** When that row was first seen, by our clock. */
  seenAt_ms: number;
  /** Nothing newer came in a whole walk that began later than the overlap: nothing can be late any more. */
  settled: boolean;
}

/** A stored position; without one, the beginning of the vendor's time, never an instant of our clock. */
export function readPosition(text: string | undefined): PollPosition {
  const [stamp = '0', id = '', seenAt = '0', settled = ''] = (text ?? '').split(' ');
  return { stamp_ms: Number(stamp), id, seenAt_ms: Number(seenAt), settled: settled === 'settled' };
}

export function writePosition({ stamp_ms, id, seenAt_ms, settled }: PollPosition): string {
  return [stamp_ms, id, seenAt_ms, ...(settled ? ['settled'] : [])].join(' ');
}

/**
 * Where the next walk starts: an overlap before the newest row, for what was committed late; behind that row once the
 * overlap has been walked, so that a bulk edit with one stamp is not read for ever.
 */
export function startOf({ stamp_ms, id, settled }: PollPosition): { stamp_ms: number; id: string } {
  return settled ? { stamp_ms, id } : { stamp_ms: Math.max(0, stamp_ms - overlap_ms), id: '' };
}

/** The position after a page of a walk, whose newest row so far is `newest`. */
export function positionAfter(
  before: PollPosition,
  newest: Pick<PollPosition, 'stamp_ms' | 'id'>,
  walk: { startedAt_ms: number; isWhole: boolean },
): PollPosition {
  if (newest.stamp_ms !== before.stamp_ms || newest.id !== before.id || !walk.isWhole)
    return { ...newest, seenAt_ms: walk.startedAt_ms, settled: false };
  return { ...before, settled: walk.startedAt_ms - before.seenAt_ms > overlap_ms };
}
