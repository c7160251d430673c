import type { ObjectDescription } from '../crm-connector.ts';
import type { Fields, Value, VendorFields } from '../fields.ts';
import type { KindMapping, Mappings, ObjectMapping } from '../mapping.ts';
import type { Kind, ParkedCause, Vendor } from '../nouns.ts';

/** A field that could not be turned into the other side's form, and why. */
export interface Held {
  field: string;
  cause: ParkedCause;
  detail: string;
  remedy: string;
  /** The canonical value held (`toVendor`), else null. */
  value: Value;
  /** For `missing_parent`: the vendor object and id waited for. */
  waitsFor: string | null;
}

/** Canonical fields to a vendor's fields and back. Pure. */
export interface Mapper {
  mappings: Mappings;
  /** The object that holds a kind for a vendor; `chosen` where the account decided between several. */
  target(kind: Kind, vendor: Vendor, chosen: string | undefined): ObjectMapping | undefined;
  /** The kind that a vendor's object holds, or undefined for an object we do not map. */
  kindOf(vendor: Vendor, object: string): KindMapping | undefined;
  /** Vendor fields to read. Without `edges` the association pseudo-fields are left out, which saves calls. */
  fieldsToRead(kind: Kind, vendor: Vendor, object: string, edges: boolean): string[];
  /**
   * A row in canonical form. `resolve` gives our record id for a vendor object's id. A field that is absent from the row
   * stays absent; one that cannot be read in canonical form is absent and `held`.
   */
  toCanonical(
    about: SideOfKind,
    row: VendorFields,
    resolve: (to: Kind, externalId: string) => string | undefined,
  ): { fields: Fields; held: Held[]; facts: Record<string, string | null> };
  /**
   * Canonical values in the vendor's form. Fields that the account does not have or may not write are left out silently
   * (they are not readable there either); values it would refuse are `held`.
   */
  toVendor(
    about: SideOfKind,
    values: Fields,
    resolve: (to: Kind, recordId: string) => string | undefined,
    description: ObjectDescription,
  ): { fields: VendorFields; sent: Fields; held: Held[] };
  /** Our own values in canonical form. */
  normalise(kind: Kind, fields: Fields): Fields;
  /** Defaults for a new row's required fields that `fields` leaves blank. */
  onCreate(about: SideOfKind, fields: VendorFields, now_ms: number): VendorFields;
  /** One list of keys per match rule, in order; an empty list where the rule does not apply to these fields. */
  matchKeys(kind: Kind, fields: Fields): string[][];
}

export interface SideOfKind {
  kind: Kind;
  vendor: Vendor;
  object: string;
  /** The account's, as `Installation.timeZone`. */
  timeZone: string | null;
}
