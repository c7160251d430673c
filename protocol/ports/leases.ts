/**
 * What one process at a time may do for an installation: follow its event `stream`, renew its `token`. A holder that
 * dies loses the lease when it passes; until then nobody else may start. Instants are by the callers' clocks: hosts must
 * keep the same time to well within a lease.
 */
export interface Leases {
  /** Somebody shall hold this from now on. Whoever holds it already goes on. */
  offer(key: LeaseKey): Promise<void>;
  /** Nobody shall hold this any more: its holder finds out when it renews. */
  withdraw(key: LeaseKey): Promise<void>;
  /** Takes a lease that is free or has passed. */
  take(key: LeaseKey, term: LeaseTerm): Promise<boolean>;
  /** Takes leases of this kind that were offered and are free or have passed, the longest free first. */
  takeOffered(what: LeaseKey['what'], term: LeaseTerm, limit: number): Promise<LeaseKey[]>;
  /** Makes all leases of the holder last longer. What is not in the answer is lost. */
  renew(what: LeaseKey['what'], term: LeaseTerm): Promise<LeaseKey[]>;
  /** Lets others take it at once, if the holder still has it. */
  giveBack(key: LeaseKey, holder: string): Promise<void>;
}

/** How an account's event stream is doing, for its admin. */
export interface StreamHealth {
  /** A process follows it at present. */
  followed: boolean;
  /** When the vendor was last heard on it, keep-alives included; null: not since it was last taken up. */
  heardAt_ms: number | null;
}

export interface LeaseKey {
  tenantId: string;
  installationId: string;
  what: 'stream' | 'token';
}

export interface LeaseTerm {
  /** One value for each life of a process. */
  holder: string;
  now_ms: number;
  lease_ms: number;
}
