/** Why a call is made: `interactive` (a person waits) goes before `background`. */
export interface Purpose {
  lane: 'interactive' | 'background';
  /** For the ledger: observe, deliver, read-back, poll, backfill, describe, callback. */
  what: string;
}
