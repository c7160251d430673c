import type { VendorEvent } from '../../protocol/vendor-event.ts';

/** A hint of our own: the row is read anew, its associations too. `key` tells one reason to look from another. */
export function lookAgain(key: string, row: { object: string; externalId: string }, now_ms: number): VendorEvent {
  const author = { kind: 'rapport', userId: null } as const;
  return { key, ...row, change: 'associated', values: {}, occurredAt_ms: now_ms, author, own: false, lane: 'replay' };
}

/** A person said that the row is rightly gone: if it is, nothing holds it up any more. */
export function confirmedGone(key: string, row: { object: string; externalId: string }, now_ms: number): VendorEvent {
  return { ...lookAgain(key, row, now_ms), change: 'deleted' };
}

export function isConfirmedGone({ lane, change }: VendorEvent): boolean {
  return lane === 'replay' && change === 'deleted';
}
