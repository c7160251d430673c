/** Why a call is made: `interactive` (a person waits) goes before `background`. */
export interface Purpose {
  lane: 'interactive' | 'background';
  /** For the ledger: observe, deliver, read-back, poll, backfill, sweep, describe, callback. */
  what: string;
  /** Calls of this `what` take no more than this share of the account's, whatever the others leave. Absent: no such bound. */
  share?: number;
}
