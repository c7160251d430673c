import type { Kind, Vendor } from './nouns.ts';

/** How two sides that differ are settled, field by field. See mappings/README.md for each in a sentence. */
export type Rule =
  | 'newest'
  | 'salesforce'
  | 'hubspot'
  | 'hub'
  | 'salesforce-unless-blank'
  | 'hubspot-unless-blank'
  | 'fill-blank'
  | 'append'
  | 'forward-only'
  | 'most-restrictive'
  | 'off';

export type FieldType =
  | 'text'
  | 'long_text'
  | 'html'
  | 'email'
  | 'phone'
  | 'domain'
  | 'integer'
  | 'decimal'
  | 'date'
  | 'instant'
  | 'boolean'
  | 'option'
  /** One other record, by our id. */
  | 'reference'
  /** A set of other records, by our ids: each element is merged by itself. */
  | 'references';

/** What the pure planner needs to know of a field. */
export interface FieldRule {
  name: string;
  type: FieldType;
  rule: Rule;
  /** Wins when `newest` cannot tell (within 2 s, or stamps unknown). */
  tie: Vendor;
  /** Fields that only make sense together are decided as one. */
  group: string | null;
  /** For `forward-only`: the order of options; for `most-restrictive`: least to most. */
  order: readonly string[];
}

export interface SideField {
  /**
   * The vendor's field name, or one by object where the kind can live in several. A connector may define pseudo-fields for
   * associations (its docs say which).
   */
  field: string | Readonly<Record<string, string>>;
  /** `in`: only read from this vendor. `out`: only written to it. */
  direction: 'both' | 'in' | 'out';
  /** `instant`: the vendor keeps this day as an instant; it is the day of the account's time zone. */
  as: 'instant' | null;
  /** Option fields: canonical value -> vendor values, the first is written, all are read as equal. */
  values: Readonly<Record<string, readonly string[]>> | null;
}

export interface FieldMapping extends FieldRule {
  /** For references: the kind referred to. */
  to: Kind | null;
  sides: Readonly<Partial<Record<Vendor, SideField>>>;
}

/** A default for a required field of a new row, in the vendor's terms. It is written on create only and never travels back. */
export type OnCreate =
  | { field: string; from: 'constant'; value: string }
  | { field: string; from: 'today-plus-days'; days: number }
  | { field: string; from: 'local-part-of'; source: string };

export interface ObjectMapping {
  object: string;
  /** The vendor's unique field that holds our record id. */
  idField: string;
  /** Shown to people, never merged: name -> vendor field. */
  facts: Readonly<Record<string, string>>;
  onCreate: readonly OnCreate[];
}

export type MatchRule =
  /** Equal normalised values of one field; skipped for a record in which `unless` has a value. */
  | { by: 'field'; field: string; unless: string | null }
  /** The same referenced record and equal normalised name. */
  | { by: 'reference-and-name'; reference: string; name: string };

/** One kind of record and where it lives in each CRM. */
export interface KindMapping {
  kind: Kind;
  /** In order of preference; the first object that the account has is used. */
  objects: Readonly<Partial<Record<Vendor, readonly ObjectMapping[]>>>;
  fields: readonly FieldMapping[];
  match: readonly MatchRule[];
  /** Created and written by Rapport only: rows that people make are not taken in. */
  ours: boolean;
  /** A row was deleted in one CRM: those of the others stay, or go with it. */
  onDelete: 'keep' | 'archive';
}

/** A record of `kind` in which `field` becomes `value` starts the job. */
export interface StageTrigger {
  job: string;
  kind: Kind;
  field: string;
  value: string;
}

export interface Mappings {
  kinds: Readonly<Record<Kind, KindMapping>>;
  triggers: readonly StageTrigger[];
}
