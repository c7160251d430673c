import type { Fields } from './fields.ts';

/** The CRMs. Each names an entry in the registry and a side in the mappings. */
export type Vendor = 'hubspot' | 'salesforce';

export type Kind = 'company' | 'contact' | 'deal' | 'research_report';

/** Parents before children: the order of first links and of writes. */
export const kindOrder: readonly Kind[] = ['company', 'contact', 'deal', 'research_report'];

export interface Tenant {
  id: string;
  name: string;
  /** Text may go to a model of another company only when this is on. */
  aiEnabled: boolean;
}

/** One CRM account's grant to us. Writes happen in state `writing` only. */
export interface Installation {
  tenantId: string;
  id: string;
  vendor: Vendor;
  /** HubSpot portal id or Salesforce org id. */
  accountId: string;
  state: 'observing' | 'linking' | 'writing' | 'disconnected';
  /** A plan was confirmed: when linking is done, writing may start. */
  confirmed: boolean;
  /** Which vendor object holds a kind where the mapping offers several, decided when the account was connected. */
  targets: Readonly<Partial<Record<Kind, string>>>;
  /** The account's own, a name of the IANA database: which day it is there. Read again every day. Null where the vendor has none, or before it was asked. */
  timeZone: string | null;
  /** Why no calls are made, when the grant is broken. */
  brokenReason: string | null;
}

/** A canonical record: one table for all kinds, fields as data. */
export interface StoredRecord {
  id: string;
  kind: Kind;
  fields: Fields;
  /** Per field: when the accepted value was set, by that vendor's clock (ISO), and by which side. */
  stamps: Readonly<Record<string, FieldStamp>>;
  deletedAt_ms: number | null;
  /** The record that this one ended in when their rows were merged: it is deleted and empty, and everything points there. */
  mergedInto: string | null;
}

export interface FieldStamp {
  at_ms: number;
  side: Vendor | 'hub';
  /** Where it was observed; absent for the hub's own. */
  installationId?: string;
  /** Filled in by a CRM in a row that we had just made there: nobody's edit, and it gives way to any. */
  filledIn?: true;
  /** How often in a row the CRMs answered one another's value without a person; absent: not once. */
  turns?: number;
}

/** A record's tie to one vendor object of one installation. */
export interface Link {
  id: string;
  recordId: string;
  installationId: string;
  object: string;
  /** null until the object is created there. */
  externalId: string | null;
  /**
   * `alias`: another id of the record's row: one that was merged into it (no base), or a second row that still stands there
   * since its twin was merged at another account (with its last base). `retired`: the row was deleted.
   */
  state: 'live' | 'alias' | 'retired';
  /** The last values both sides agreed on, or that were taken into account; null before the first observation. */
  base: Fields | null;
  /** Values shown to people but never merged (owner, last touch), in the vendor's own form. */
  facts: Readonly<Record<string, string | null>>;
  /** The vendor's stamp of the newest observation applied. */
  stamp_ms: number | null;
  /** When our last write was answered, by our clock. */
  writtenAt_ms: number | null;
  /** When this link wants a write derived and sent; null: nothing to write. */
  deliverAt_ms: number | null;
  /** Failed deliveries in a row. */
  attempts: number;
  /** When the sides were last seen to agree, by our clock. */
  agreedAt_ms: number | null;
}

export interface Author {
  kind: 'person' | 'automation' | 'rapport' | 'unknown';
  /** The vendor's user id, where it is a person and known. */
  userId: string | null;
}

/** What set off a change, and everything that followed from it. */
export interface Cause {
  /** `event`, `poll`, `sweep`: an edit seen; `first`: first observation or backfill; `run`: a job's result; `restore`: a person undid a loss. */
  lane: 'event' | 'poll' | 'sweep' | 'first' | 'run' | 'restore';
  /** Id of the origin: the change, the run, the click. */
  id: string;
}

/** One accepted field change. */
export interface Change {
  id: string;
  recordId: string;
  field: string;
  before: Fields[string];
  after: Fields[string];
  side: Vendor | 'hub';
  author: Author;
  cause: Cause;
  at_ms: number;
}

/** Both sides changed a field: who won, and what was lost (it can be restored). */
export interface Conflict {
  id: string;
  recordId: string;
  field: string;
  winner: Vendor | 'hub';
  loser: Vendor | 'hub';
  lost: Fields[string];
  kept: Fields[string];
  /** `rule`: the field's rule decided. `overwritten`: only an event still showed the value. `merged`: two records became one. */
  reason: 'rule' | 'overwritten' | 'merged';
  at_ms: number;
}

export type ParkedCause =
  | 'not_accepted'
  | 'missing_parent'
  | 'unknown_option'
  | 'too_long'
  | 'refused'
  /** The grant does not cover the write, whatever its values: it is tried again when the account was connected again. */
  | 'not_granted'
  /** The field is read-only for us, or not there: tried again when the CRM shows it as writable. */
  | 'not_writable'
  | 'ambiguous_match'
  /** Two automations answer one another's value. */
  | 'fighting'
  /** Two rows that were merged at another account, and are still two here. */
  | 'merged_elsewhere'
  /** Gone with so many others that a person must say that it is right. */
  | 'mass_delete'
  | 'unreadable';

/** A field, an object or a write that waits, and why. One open entry per (link or object, field). */
export interface Parked {
  id: string;
  installationId: string;
  object: string;
  externalId: string | null;
  recordId: string | null;
  /** Canonical field, or null when the whole write or object waits. */
  field: string | null;
  cause: ParkedCause;
  /** The vendor's own words; for `ambiguous_match` our ids of the records it might belong to, separated by blanks. */
  detail: string;
  remedy: string;
  /** The canonical value that could not be written or read; a changed value lets the field go again. */
  value: Fields[string];
  /** For `missing_parent`: the vendor object and id waited for, as `object:externalId`. */
  waitsFor: string | null;
  at_ms: number;
}

/** One attempt on a vendor. */
export interface Write {
  id: string;
  linkId: string;
  /** Canonical values sent. */
  values: Fields;
  state: 'sent' | 'uncertain' | 'answered' | 'confirmed' | 'rejected';
  sentAt_ms: number;
  answeredAt_ms: number | null;
  cause: Cause;
}

/** A user of a connected CRM. */
export interface Person {
  installationId: string;
  userId: string;
  /** HubSpot's owner id, where it differs from the user id; else the user id. */
  ownerId: string;
  name: string;
  email: string;
}
