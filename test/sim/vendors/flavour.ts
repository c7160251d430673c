import type { VendorValue } from '../../../protocol/fields.ts';
import type { Author, Vendor } from '../../../protocol/nouns.ts';
import type { SimField, SimSchema } from './field.ts';
import type { Actor, RowChange } from './row.ts';
import type { VendorEvent } from '../../../protocol/vendor-event.ts';

/** In what the two vendors differ, each by its own documentation. */
export interface Flavour {
  vendor: Vendor;
  schema: SimSchema;
  /** The field that holds the hub's id. */
  idField: string;
  /** Rows of one write or read, of one page of a listing, of one page of changes. */
  batchSize: number;
  listSize: number;
  changesSize: number;
  /** A wrong id looks like this. */
  absentId: string;
  newId(object: string, count: number): string;
  readonly compareIds: (a: string, b: string) => number;
  /** The row's stamp for an instant: Salesforce's are whole seconds. */
  stampOf(at_ms: number): number;
  /** What is kept of a value that was sent; null clears. Throws Refusal. */
  keep(field: SimField, sent: VendorValue): VendorValue;
  /** What a read shows of a kept value. */
  show(field: SimField, kept: VendorValue): VendorValue;
  /** A write that changes nothing still moves the row's stamp. */
  stampsEveryWrite: boolean;
  /** Fields that move no stamp: associations are rows of their own. */
  isSilent(field: SimField): boolean;
  /** The vendor's own deletes of what hangs on a row. */
  cascades: boolean;
  /** Two rows that are merged become a third one, which names them. */
  mergesIntoNew: boolean;
  /** Reads may be served by a replica that is seconds behind, and listings by an index that is behind by more. */
  readsLag: boolean;
  /** Deleted rows are among the changes. */
  showsDeleted: boolean;
  /** A row's last author, as a read shows it. */
  rowAuthor(by: Actor): Author;
  /** The hints that one change of a row gives, other than associations. `number` is the event's own. */
  tell(change: RowChange, fields: readonly SimField[], number: number): VendorEvent[];
}
