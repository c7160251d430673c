import type { VendorFields } from '../../protocol/fields.ts';
import type { Kind, Vendor } from '../../protocol/nouns.ts';
import type { FaultRates } from './faults/weather.ts';

/** What one run is made of. Drawn from a seed; an edited one can be played as well, so that it can be shrunk. */
export interface Script {
  seed: number;
  /** The accounts of the tenant, in order; steps name them by their place. */
  accounts: readonly AccountShape[];
  /** How many processes of the hub run at once. */
  processes: number;
  /** One way to a vendor and back, at most, and of one transaction. */
  latency_ms: { call: number; store: number };
  rates: FaultRates;
  steps: readonly Step[];
  /** Faults and people end here; then the sides must come to agree. */
  calmAt_ms: number;
}

export interface AccountShape {
  vendor: Vendor;
  /** The vendor's clock is ahead of ours by this. */
  skew_ms: number;
  /** Rows of one page of a listing and of one page of changes. */
  pageSize: number;
}

/** `who` is a record by a name of the script's own: its row at the step's account is meant, where it has one. */
export type Step = { at_ms: number; account: number; who: string } & (
  | { do: 'create'; kind: Kind; fields: VendorFields }
  /** One save of one or more fields by one person. */
  | { do: 'edit'; fields: VendorFields }
  | { do: 'link' | 'unlink'; field: string; peer: string }
  | { do: 'delete' | 'restore' }
);
