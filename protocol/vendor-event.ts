import type { VendorFields } from './fields.ts';
import type { Author } from './nouns.ts';

/** How a hint reached us. `replay`: the engine itself wants a row looked at again. */
export type Lane = 'event' | 'poll' | 'sweep' | 'backfill' | 'replay';

/** Something happened to a vendor object. A hint: the object is read again before anything is decided. */
export interface VendorEvent {
  /** Equal for repeats of the same event, different for distinct ones. */
  key: string;
  /** The vendor's object name as the mappings write it (`deals`, `Opportunity`). */
  object: string;
  externalId: string;
  change: 'created' | 'updated' | 'deleted' | 'restored' | 'merged' | 'associated' | 'erased';
  /** Values that the event itself showed, by vendor field name: evidence, never applied. */
  values: VendorFields;
  occurredAt_ms: number;
  author: Author;
  /** Our own app made the change, by the vendor's word. A label, never a reason to drop a value. */
  own: boolean;
  lane: Lane;
}

/** An object was named without detail (gap, overflow, expired cursor): re-read this window. */
export interface VendorGap {
  object: string;
  reason: 'gap' | 'overflow' | 'expired';
}

/** A row as read from the vendor. A field that was asked for and is absent was not readable. */
export interface VendorRow {
  externalId: string;
  fields: VendorFields;
  /** The vendor's last-modified stamp of the row. */
  stamp_ms: number;
  archived: boolean;
  /** Who last changed the row, where the vendor says so. */
  author: Author;
  /** It is no more, and lives on as this row: people merged the two. Such a row is archived. */
  mergedInto?: string;
  /** Ids of rows that ended in this one, where the vendor shows them at the survivor. */
  mergedFrom?: readonly string[];
}
