import type { Invalid } from './errors.ts';
import type { VendorFields } from './fields.ts';
import type { Person, Vendor } from './nouns.ts';
import type { Gate } from './ports/gate.ts';
import type { Purpose } from './purpose.ts';
import type { VendorEvent, VendorGap, VendorRow } from './vendor-event.ts';

/**
 * The contract of a CRM connector. A capability that a vendor lacks is an absent key.
 * Every error that leaves a connector is of the family in `errors.ts`.
 */
export interface CrmConnector {
  vendor: Vendor;
  /** Pushed events. */
  webhooks?: Webhooks;
  /** Calls the vendor's servers make for a UI or a workflow step. */
  signedRequests?: SignedRequests;
  /** OAuth code for grant; absent where no person grants. */
  exchangeCode?(options: {
    code: string;
    redirectUri: string;
    codeVerifier: string | undefined;
  }): Promise<{ accountId: string; grant: Grant }>;
  /**
   * Calls the vendor with a grant that a person gave for this account. Answers it as it is to be stored: it may have been renewed.
   * Throws Reconnect where the vendor does not take it, or it opens another account.
   */
  proveGrant(options: { accountId: string; grant: Grant; gate: Gate }): Promise<Grant>;
  /** Opens the vendor's API for one account. Makes no call itself. */
  open(options: {
    accountId: string;
    grant: Grant;
    gate: Gate;
    saveGrant(grant: Grant): Promise<void>;
    /** The grant as it is stored now: another process may have renewed it. */
    readGrant?(): Promise<Grant>;
    /** Runs `renew` while no other process renews this account's grant; read it again inside. Absent: there is no other. */
    renewAlone?<T>(renew: () => Promise<T>): Promise<T>;
  }): CrmApi;
}

/**
 * What a connector needs to act for an account; stored encrypted. The keys are the connector's own, but for `revoked`: why the
 * vendor took the grant back. With it no process makes any call; a grant that is connected anew has none.
 */
export type Grant = Readonly<Record<string, string>>;

export interface RawRequest {
  method: string;
  /** Path and query exactly as received. */
  target: string;
  headers: Readonly<Record<string, string | undefined>>;
  body: Buffer;
}

export interface Webhooks {
  /** Throws Unverified unless the bytes are the vendor's, recent, and for us. Called before anything is parsed. */
  verify(request: RawRequest): void;
  /** Throws Invalid when the body cannot be read. Events that need nothing (test pings) are left out. */
  parse(body: Buffer): { accountId: string; event: VendorEvent }[];
}

export interface SignedRequests {
  /** A UI request (card). Answers who asked, from signed values only. */
  verifyUi(request: RawRequest): { accountId: string; userId: string };
  /** A workflow step's call. */
  verifyAction(request: RawRequest): { accountId: string; objectId: string; callbackId: string };
}

/** One row to write. Without an external id it is created, as an upsert on our id so that it cannot happen twice. */
export interface RowWrite {
  /** Our record id. */
  recordId: string;
  externalId: string | null;
  fields: VendorFields;
  /**
   * For pseudo-fields that hold a set: the elements that we last knew there, in the vendor's ids; absent: none so far. Only
   * what differs from it is added and removed, so that an element in neither, put there by somebody else meanwhile, stays.
   */
  before: VendorFields;
}

export type RowOutcome =
  /** Taken by the vendor's word. `row` where the answer itself showed the row after the write. */
  { status: 'ok'; externalId: string; row: VendorRow | null } | { status: 'failed'; error: Error };

export type ArchiveOutcome = { status: 'ok' } | { status: 'failed'; error: Error };

/** The API of one account. Every method passes the gate; chunks to the vendor's batch sizes by itself. */
export interface CrmApi {
  /** Rows by external id. Ids that do not exist any more are in `missing`. */
  read(
    object: string,
    externalIds: readonly string[],
    fields: readonly string[],
    purpose: Purpose,
  ): Promise<{ rows: VendorRow[]; missing: string[] }>;
  /** Rows by our id, as written in the vendor's unique field. Decides an unknown create. */
  readByRecordId(
    object: string,
    idField: string,
    recordIds: readonly string[],
    fields: readonly string[],
    purpose: Purpose,
  ): Promise<VendorRow[]>;
  /**
   * One outcome per row, in order; never throws for what the vendor did, since earlier rows may have been taken. Rows the
   * vendor never answered for fail with Uncertain; a refused row with Rejected, naming the (pseudo-)field where it is known.
   */
  write(
    object: string,
    idField: string,
    rows: readonly RowWrite[],
    fields: readonly string[],
    purpose: Purpose,
  ): Promise<RowOutcome[]>;
  /** Deletes rows, into the vendor's recycle bin where it has one. One outcome per id, in order; never throws for what the vendor did. */
  archive?(object: string, externalIds: readonly string[], purpose: Purpose): Promise<ArchiveOutcome[]>;
  /**
   * Every live row, a page at a time, by whatever costs fewest calls: ids and stamps only, in no promised order, a row perhaps
   * twice. `after` undefined starts; `next` undefined ends. RetryLater while the vendor still gathers the rows: the same call
   * goes on then.
   */
  list(
    object: string,
    after: string | undefined,
    purpose: Purpose,
  ): Promise<{ rows: RowStamp[]; next: string | undefined }>;
  /**
   * Every live row in order of id (shorter ids first, then by their characters), a page at a time: what is not on a page, and
   * lies between its ends, is not there. `after` undefined starts; `next` undefined ends.
   */
  walk(
    object: string,
    after: string | undefined,
    purpose: Purpose,
  ): Promise<{ rows: RowStamp[]; next: string | undefined }>;
  /** Writes of thousands of rows. Absent where the vendor has no jobs. */
  writeJobs?: WriteJobs;
  /** Rows changed at or after the cursor, in order of (stamp, id), a page at a time. The caller keeps an overlap. */
  changedSince(
    object: string,
    since: { stamp_ms: number; id: string },
    purpose: Purpose,
  ): Promise<{ rows: RowStamp[]; more: boolean }>;
  /** The object's fields as this account's grant sees them; undefined when the object is not there, or not granted. */
  describe(object: string): Promise<ObjectDescription | undefined>;
  /** What of the account's own set-up cannot be mirrored, with what to do; undefined: nothing. */
  unsuited?(): Promise<Invalid | undefined>;
  /** The account's time zone, a name of the IANA database. Absent where an account has none of its own. */
  timeZone?(): Promise<string>;
  /** None where the grant does not show them. */
  people(): Promise<Omit<Person, 'installationId'>[]>;
  /** Makes fields that we need and may create (unique id field). Absent where only a package can. */
  ensureFields?(object: string, fields: readonly NeededField[]): Promise<void>;
  /** Ends a waiting workflow step. */
  completeCallback?(callbackId: string, outputs: Readonly<Record<string, string>>): Promise<void>;
  /** Events as a stream from a stored cursor; ends by the signal, throws one of the family otherwise. */
  stream?(options: {
    cursor: string | undefined;
    onBatch(batch: { events: VendorEvent[]; gaps: VendorGap[]; cursor: string }): Promise<void>;
    signal: AbortSignal;
  }): Promise<void>;
}

/**
 * Rows that are made by a job at the vendor, as upserts on our id. A job may take minutes, so it makes rows that are not there
 * and writes over none. Its id must be stored before it is given its rows.
 */
export interface WriteJobs {
  /** Not more rows than `above` go by `write`; more than `most` by several jobs. */
  readonly above: number;
  readonly most: number;
  /** Those of the rows that one job can carry, in order: none that it cannot express, and no more bytes than it takes. */
  carries(rows: readonly RowWrite[]): RowWrite[];
  /** Makes an empty job and answers its id. Without `send` nothing is ever written. */
  make(object: string, idField: string, purpose: Purpose): Promise<string>;
  /** Gives a job its rows, all of them new, and starts it. When it throws, `state` says whether it started. */
  send(job: string, object: string, idField: string, rows: readonly RowWrite[], purpose: Purpose): Promise<void>;
  /** `unsent`: it was not started. `gone`: the vendor knows nothing of it (any more). */
  state(job: string, object: string, purpose: Purpose): Promise<'unsent' | 'running' | 'over' | 'gone'>;
  /** Ends a job that was not started, for good. */
  abandon(job: string, object: string, purpose: Purpose): Promise<void>;
  /** What became of the rows of a job that is over, some at a time, in no order. What was not touched fails with RetryLater. */
  outcomes(job: string, object: string, idField: string, purpose: Purpose): AsyncIterable<JobOutcome[]>;
}

export interface JobOutcome {
  recordId: string;
  outcome: RowOutcome;
}

export interface RowStamp {
  externalId: string;
  stamp_ms: number;
}

export interface ObjectDescription {
  object: string;
  fields: Readonly<Record<string, FieldDescription>>;
}

export interface FieldDescription {
  label: string;
  writable: boolean;
  required: boolean;
  /** Characters, where limited. */
  maxLength: number | null;
  /** Allowed values, where limited. */
  options: readonly { value: string; label: string }[] | null;
}

export interface NeededField {
  name: string;
  label: string;
  type: 'text' | 'long_text' | 'instant';
  unique: boolean;
}
