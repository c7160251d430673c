import type { VendorFields, VendorValue } from '../../../protocol/fields.ts';
import type { Author } from '../../../protocol/nouns.ts';

/** Who changes rows of a CRM: a person, one of its automations, or the hub through its app. */
export type Actor = Author;

/** What one transaction did to one field: the ground truth that the invariants are checked against. */
export interface FieldChange {
  field: string;
  before: VendorValue;
  after: VendorValue;
  /** By the world's clock, not by the vendor's. */
  at_ms: number;
  by: Actor;
}

/** How a row looked from an instant on, for reads that lag. */
export interface Version {
  at_ms: number;
  fields: VendorFields;
  stamp_ms: number;
  archived: boolean;
  author: Actor;
}

/** A row of a CRM. */
export interface SimRow {
  object: string;
  id: string;
  /** Fields without a value are absent. */
  fields: Record<string, VendorValue>;
  /** Last modified, by the vendor's clock. */
  stamp_ms: number;
  archived: boolean;
  /** The row that it ended in, and those that ended in it. */
  mergedInto: string | null;
  mergedFrom: readonly string[];
  /** Who changed it last. */
  author: Actor;
  createdBy: Actor;
  createdAt_ms: number;
  history: FieldChange[];
  /** Oldest first; the last is how it looks now. */
  versions: Version[];
}

/** What one transaction did to one row, as the vendor's events tell it. */
export interface RowChange {
  object: string;
  id: string;
  kind: 'created' | 'updated' | 'deleted' | 'restored';
  /** The values of the fields that changed. */
  values: VendorFields;
  /** By the vendor's clock, in ms. */
  occurredAt_ms: number;
  by: Actor;
  /** The hub's own app opened the transaction. */
  own: boolean;
}
