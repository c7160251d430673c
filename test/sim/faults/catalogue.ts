/**
 * Every fault that a seed may draw, with what each does and the largest share at which it strikes. The numbers are those of
 * the fault catalogue that the product is built against (F1 to F40).
 */
export const catalogue = {
  // Drawn once for a run.
  second_org: { most: 0.6, says: 'a portal and two orgs' },
  clock_skew: { most: 0.6, says: 'F25: the vendors clocks are up to ten minutes off' },
  // Events on their way to the hub.
  event_dropped: { most: 0.3, says: 'F1: a webhook that is never delivered' },
  event_duplicated: { most: 0.5, says: 'F2: the same event twice' },
  event_reordered: { most: 0.5, says: 'F3: the events of a delivery in another order' },
  event_late: { most: 0.3, says: 'F4: minutes late, after a newer poll' },
  stream_cut: { most: 0.1, says: 'F23: the stream ends after a batch' },
  stream_silent: { most: 0.05, says: 'F23: minutes without a batch, although events exist' },
  stream_expired: { most: 0.05, says: 'F20: the stored position is no longer known' },
  stream_gap: { most: 0.3, says: 'F21: an event that names rows and no values' },
  stream_overflow: { most: 0.1, says: 'F21: an event that names the object alone' },
  // Calls.
  busy_with_wait: { most: 0.1, says: 'F6: 429 that says when' },
  busy: { most: 0.1, says: 'F6: 429 that does not say when' },
  server_error: { most: 0.1, says: 'F7: 5xx, nothing done' },
  storm: { most: 0.02, says: 'F7: minutes of 5xx' },
  lost_request: { most: 0.1, says: 'F5: a timeout before anything was done' },
  lost_answer: { most: 0.2, says: 'F5: a timeout after it was done' },
  partial_batch: { most: 0.2, says: 'F8: a row of a batch is not taken for the moment' },
  partial_answer: { most: 0.2, says: 'F8: an answer without a word on a row that was taken' },
  token_expired: { most: 0.1, says: 'F12: the session ends amid calls' },
  revoked: { most: 0.01, says: 'F14: the grant is taken back, and given again minutes later' },
  silent_refusal: { most: 0.1, says: '2xx, and one value of the row is as before' },
  // The hub itself.
  kill: { most: 0.001, says: 'F27: the process dies before or after a call of a port, and another one starts' },
  // Reads.
  stale_index: { most: 0.5, says: 'F9: changes are listed up to 100 s late' },
  stale_replica: { most: 0.2, says: 'F11: a row as it was seconds ago' },
  replica_unaware: { most: 0.1, says: 'F11: a read that does not find a row which is seconds old' },
} as const satisfies Record<string, FaultKind>;

export interface FaultKind {
  /** The largest share that a seed draws. */
  most: number;
  says: string;
}

export type FaultName = keyof typeof catalogue;

export const faultNames = Object.keys(catalogue) as FaultName[];
