import type { RowStamp } from '../../protocol/crm-connector.ts';
import type { Installation } from '../../protocol/nouns.ts';
import type { VendorEvent } from '../../protocol/vendor-event.ts';

/** A row's stamp as a hint: the row is read again before anything is decided. */
export function hint(
  installation: Installation,
  object: string,
  row: RowStamp,
  lane: 'backfill' | 'poll' | 'sweep',
): VendorEvent {
  return {
    key: `${lane}:${installation.id}:${object}:${row.externalId}:${row.stamp_ms}`,
    object,
    externalId: row.externalId,
    change: 'updated',
    values: {},
    occurredAt_ms: row.stamp_ms,
    author: { kind: 'unknown', userId: null },
    own: false,
    lane,
  };
}

/** Whether a hint is of a listing, which names the row's own stamp. */
export function isListed({ lane, change }: VendorEvent): boolean {
  return change === 'updated' && (lane === 'poll' || lane === 'backfill' || lane === 'sweep');
}
