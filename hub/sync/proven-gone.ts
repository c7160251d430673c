import type { InboxItem } from '../../protocol/ports/store.ts';

/** The copy that answers a read may not know a row yet for so long (facts/reliability.md, section 4). */
export const unaware_ms = 60_000;

/**
 * True when a row that a read did not find is gone: an event says so, or what asked for it was asked so long ago that every
 * copy knows by now of a row that is there.
 */
export function isProvenGone(items: readonly InboxItem[], now_ms: number): boolean {
  return items.some(
    ({ event, receivedAt_ms }) =>
      event.change === 'deleted' || event.change === 'merged' || now_ms - receivedAt_ms >= unaware_ms,
  );
}
