import type { Grant, RowStamp } from '../crm-connector.ts';
import type {
  Change,
  Conflict,
  Installation,
  Link,
  Parked,
  Person,
  StoredRecord,
  Tenant,
  Vendor,
  Write,
  Kind,
} from '../nouns.ts';
import type { Asked, Callback, HeldRuns, Run, RunState } from '../run.ts';
import type { Lane, VendorEvent } from '../vendor-event.ts';
import type { WorkAddress, WorkLane } from './bell.ts';

/**
 * The database as the engine sees it. Nothing in here calls a vendor; no vendor is called while a transaction is open.
 * What `tenant` reads and writes is one tenant's, enforced by the database.
 */
export interface Store {
  /** One transaction for one tenant: commits when `work` resolves, leaves nothing when it throws. */
  tenant<T>(tenantId: string, work: (tx: TenantTx) => Promise<T>): Promise<T>;
  /** Which tenant an account belongs to. */
  route(vendor: Vendor, accountId: string): Promise<{ tenantId: string; installationId: string } | undefined>;
  /**
   * Stores events for many tenants at once and marks their installations due, durably, when it resolves. A repeat stores
   * nothing. Concurrent calls share commits.
   */
  receive(batches: readonly InboxBatch[]): Promise<void>;
  /** Signed bytes of an account or shape we do not know, kept until they can be read. */
  keepUnrouted(entry: { vendor: Vendor; accountId: string | null; reason: string; body: Buffer }): Promise<void>;
  /** Work of these lanes (all by default) that may be done now, oldest first. Takes no lease: whoever is rung claims it. */
  dueNow(now_ms: number, limit: number, lanes?: readonly WorkLane[]): Promise<WorkAddress[]>;
  /** Takes a lease on one address if it is due. The lease value proves later that nobody rang meanwhile. */
  claim(address: WorkAddress, now_ms: number, lease_ms: number): Promise<Lease | undefined>;
  /** Ends a lease. Without `next_ms` the address is no longer due, unless somebody marked it due meanwhile. */
  release(lease: Lease, next_ms: number | undefined): Promise<void>;
  tenants(): Promise<Tenant[]>;
  /** Answers within a second or throws: the database can be written. */
  ping(): Promise<void>;
}

export interface InboxBatch {
  tenantId: string;
  installationId: string;
  events: readonly VendorEvent[];
  /** A stream's or poll's position, stored in the same transaction. */
  cursor?: { name: string; value: string };
  /** Where a stream had gaps, stored in the same transaction under `gap:<object>`: the oldest instant told of stays. */
  gaps?: readonly { object: string; from_ms: number }[];
  /**
   * With a stream's cursor: who follows the stream. Stored only while this process holds its lease; else `receive` throws LeaseLost
   * and nothing of the batch is stored, so that a process that was late moves no position.
   */
  streamHolder?: string;
}

export interface Lease {
  address: WorkAddress;
  until_ms: number;
}

export interface InboxItem {
  id: string;
  event: VendorEvent;
  receivedAt_ms: number;
}

/** Changes made in a stretch of time by the vendors' clocks, both ends included; first observations are none. */
export interface ChangeSet {
  from_ms: number;
  to_ms: number;
  side?: Change['side'];
  /** The vendor's id of the user who made them. */
  userId?: string;
  field?: string;
}

/** What may change of an account that is connected. */
export type InstallationChange = Readonly<
  Partial<Pick<Installation, 'state' | 'confirmed' | 'targets' | 'timeZone' | 'brokenReason'>>
>;

/** One tenant's tables inside one transaction. Bulk methods take whole batches; order of results is not promised unless said. */
export interface TenantTx {
  tenant(): Promise<Tenant>;

  installations(): Promise<Installation[]>;
  /** Writes what is named and nothing else of it: what another process changed meanwhile stays. */
  updateInstallation(installationId: string, change: InstallationChange): Promise<void>;
  grant(installationId: string): Promise<Grant>;
  saveGrant(installationId: string, grant: Grant): Promise<void>;
  cursor(installationId: string, name: string): Promise<string | undefined>;
  saveCursor(installationId: string, name: string, value: string): Promise<void>;
  /** Removes a cursor if it still has this value. */
  dropCursor(installationId: string, name: string, value: string): Promise<void>;
  people(installationId?: string): Promise<Person[]>;
  savePeople(people: readonly Person[]): Promise<void>;

  /** Marks work due at `due_ms` (an earlier mark stays). Ring the bell after the commit. */
  markDue(installationId: string, lane: WorkLane, due_ms: number): Promise<void>;

  /** Hints that the engine itself wants looked at; stored with this transaction. Mark the lane due too. */
  addInbox(installationId: string, events: readonly VendorEvent[]): Promise<void>;
  /** The oldest waiting inbox items of an installation that may be looked at now. */
  takeInbox(installationId: string, now_ms: number, limit: number): Promise<InboxItem[]>;
  /** Items done with; each counts under what became of it. */
  finishInbox(
    items: readonly { id: string; outcome: 'applied' | 'no_change' | 'parked' | 'superseded' }[],
  ): Promise<void>;
  /** Items to look at again, not before `at_ms`. */
  postponeInbox(ids: readonly string[], at_ms: number): Promise<void>;
  countWaitingInbox(): Promise<number>;
  /** Items of some lanes that an installation has waiting, postponed ones too; of a very long queue only that some do. */
  countWaitingHints(installationId: string, lanes: readonly Lane[]): Promise<number>;
  /** Which of these rows an item tells of that may be looked at now, other than our own echo. */
  hintedRows(installationId: string, object: string, externalIds: readonly string[], now_ms: number): Promise<string[]>;
  /** What waits of these rows, postponed items too; the oldest first. */
  hintsOf(installationId: string, object: string, externalIds: readonly string[]): Promise<InboxItem[]>;
  /** Lets postponed items of these rows be looked at now. Answers how many there were. Mark the lane due too. */
  wakeInbox(
    installationId: string,
    object: string,
    externalIds: readonly string[] | 'all',
    now_ms: number,
  ): Promise<number>;

  /** Until the transaction ends nobody else links new rows to records of this kind: two CRMs' new rows cannot miss each other. */
  lockMatching(kind: Kind): Promise<void>;
  /** Locks the records in id order until the transaction ends and reads them under the lock. */
  lockRecords(ids: readonly string[]): Promise<StoredRecord[]>;
  record(id: string): Promise<StoredRecord | undefined>;
  /** Live records of a kind whose normalised match value is one of `values`. See `MatchRule`; values as `matchKeys` gives them. */
  recordsByMatchKey(kind: Kind, keys: readonly string[]): Promise<{ key: string; recordId: string }[]>;
  /** Inserts or replaces. `matchKeys` are the record's normalised match values, for later matching. */
  saveRecords(records: readonly { record: StoredRecord; matchKeys: readonly string[] }[]): Promise<void>;
  /**
   * The records become aliases of `into`: empty, deleted at `now_ms`, without keys, and their history is `into`'s. Those that
   * had ended in one of them end in `into`, so that an alias leads there in one step. What refers to them is the caller's.
   */
  foldRecords(ids: readonly string[], into: string, now_ms: number): Promise<void>;
  /** Which of these records ended in another one, and in which. */
  foldedInto(ids: readonly string[]): Promise<Map<string, string>>;
  /** Records of `kinds` that have no live link at the installation, in id order after `after`. */
  recordsWithoutLink(installationId: string, kind: Kind, after: string, limit: number): Promise<string[]>;

  /** Live records of a kind with their live link at the installation, in record id order after `after`. */
  linkedRecords(
    installationId: string,
    kind: Kind,
    after: string,
    limit: number,
  ): Promise<{ record: StoredRecord; link: Link }[]>;

  linksByExternalId(installationId: string, object: string, externalIds: readonly string[]): Promise<Link[]>;
  /**
   * Compares a page of a walk over an object's rows with its links. `differing`: rows that no live link has seen as of their
   * stamp. `missing`: live links behind `after` and up to `to` (undefined: no bound) whose rows the page does not hold, at most
   * `limit`, in order of id. The order is that of walks: shorter ids first, then by their characters.
   */
  comparePage(
    installationId: string,
    object: string,
    page: { after: string | undefined; to: string | undefined; rows: readonly RowStamp[] },
    limit: number,
  ): Promise<{ differing: string[]; missing: string[] }>;
  linksOfRecords(recordIds: readonly string[]): Promise<Link[]>;
  /** How many rows of an object are linked and live. */
  countLiveLinks(installationId: string, object: string): Promise<number>;
  /** Links that want a write now, parents first, one object at a time, oldest first. */
  linksToDeliver(
    installationId: string,
    objectsInOrder: readonly string[],
    now_ms: number,
    limit: number,
  ): Promise<Link[]>;
  /** How many rows are to be made now that nobody has tried to make: links of live records, with no open write. Counts to `most`. */
  countCreates(installationId: string, object: string, now_ms: number, most: number): Promise<number>;
  /** Those links, the oldest ones. */
  createsToDeliver(installationId: string, object: string, now_ms: number, limit: number): Promise<Link[]>;
  /** The next instant at which a link to one of the installation's objects wants a write. */
  nextDelivery(installationId: string, objects: readonly string[]): Promise<number | undefined>;
  saveLinks(links: readonly Link[]): Promise<void>;

  /** Writes of these links that are not settled (sent, uncertain or answered). */
  openWrites(linkIds: readonly string[]): Promise<Write[]>;
  saveWrites(writes: readonly Write[]): Promise<void>;

  addChanges(changes: readonly Change[]): Promise<void>;
  changesOf(recordId: string, limit: number): Promise<Change[]>;
  addConflicts(conflicts: readonly Conflict[]): Promise<void>;
  conflictsOf(recordId: string, limit: number): Promise<Conflict[]>;
  conflict(id: string): Promise<Conflict | undefined>;
  /** The conflicts of a record of one instant. */
  conflictsAt(recordId: string, at_ms: number): Promise<Conflict[]>;
  /** The set's changes to the next `limit` records in id order after `after`; each record's oldest first. */
  changesIn(set: ChangeSet, after: string, limit: number): Promise<Change[]>;

  /** Opens or refreshes entries; one open entry per (installation, object, external id or record, field). */
  park(entries: readonly Parked[]): Promise<void>;
  unpark(ids: readonly string[]): Promise<void>;
  parkedOf(recordIds: readonly string[]): Promise<Parked[]>;
  parkedEntry(id: string): Promise<Parked | undefined>;
  /** What is parked, in id order after `after`. */
  parkedEntries(after: string, limit: number): Promise<Parked[]>;
  parkedAt(installationId: string, object: string, externalIds: readonly string[]): Promise<Parked[]>;
  /** Records that an unlinked row of the installation might belong to: they must not be created there. */
  ambiguousRecordIds(installationId: string): Promise<string[]>;
  /** Unlinked rows of the installation that wait since they might belong to one of these records, and to no other. */
  ambiguousRows(installationId: string, recordIds: readonly string[]): Promise<Parked[]>;
  /** Entries that wait for a vendor object (`object:externalId`) that is now there. */
  parkedWaitingFor(installationId: string, keys: readonly string[]): Promise<Parked[]>;

  /** Inserts a run, or joins the unfinished one of the same job and record, or finds the one that the same cause started or joined. */
  startRun(run: Run): Promise<{ run: Run; started: boolean }>;
  run(id: string): Promise<Run | undefined>;
  latestRun(job: string, recordId: string): Promise<Run | undefined>;
  /** The latest finished run with a result. */
  latestResult(job: string, recordId: string): Promise<Run | undefined>;
  /** Leases queued and running runs that no lease holds: they run now, with one attempt more, by which `saveRun` knows a performer. */
  claimRuns(now_ms: number, leaseUntil_ms: number, limit: number): Promise<Run[]>;
  /** The first instant at which a queued or running run may be claimed; undefined when there is none. */
  nextRun(): Promise<number | undefined>;
  /** Saves a run that is in one of the states and still at the same attempt. False: somebody else has it, or it has ended. */
  saveRun(run: Run, from: readonly RunState[]): Promise<boolean>;
  /** How many runs changes have asked for since an instant, of each of these; none where there are none. */
  countAsked(asked: readonly Asked[], since_ms: number): Promise<(Asked & { count: number })[]>;
  /** Lets runs that changes have asked for since an instant wait for a person: those that nobody claimed or released yet. Answers their ids. */
  holdRuns(asked: readonly Asked[], since_ms: number, message: string): Promise<string[]>;
  /** What waits for a person, the oldest first. */
  heldRuns(): Promise<HeldRuns[]>;
  /** Queues what waits again; it, or the one run named that nobody claimed yet, is not held any more. Answers the ids of those it changed. */
  releaseRuns(which: Asked | { runId: string }, releasedBy: string): Promise<string[]>;
  /** Ends what waits. Answers the ids. */
  cancelHeld(asked: Asked, now_ms: number, message: string): Promise<string[]>;
  addCallback(callback: Callback): Promise<void>;
  callbacksOf(runId: string): Promise<Callback[]>;
  saveCallback(callback: Callback): Promise<void>;
  /** Callbacks of finished runs that have not been told yet, at most `limit` of each installation. */
  untoldCallbacks(limit: number): Promise<{ callback: Callback; run: Run }[]>;

  /** Removes at most `limit` settled writes that were sent before an instant. Answers how many. */
  expireWrites(before_ms: number, limit: number): Promise<number>;
  /**
   * Looks at the next `limit` runs that ended before an instant, in the order of their ends after `after`. Removes them with
   * their causes, but for the latest result of a record and job, and the callbacks of all. `next`: where to go on.
   */
  expireRuns(
    before_ms: number,
    after: EndedRun | undefined,
    limit: number,
  ): Promise<{ removed: number; next: EndedRun | undefined }>;

  /** One audit entry: ids and keyed hashes only, never values. */
  audit(entries: readonly AuditEntry[]): Promise<void>;

  /** Removes a person from every table and log of the tenant; a later event does not bring them back. */
  eraseContact(recordId: string): Promise<void>;
  /** The same for a row of a person that no record is linked to. */
  eraseRow(installationId: string, object: string, externalId: string): Promise<void>;
  isErased(vendor: Vendor, externalId: string): Promise<boolean>;

  status(): Promise<TenantStatus>;
}

/** A run's place in the order of their ends. */
export interface EndedRun {
  finishedAt_ms: number;
  id: string;
}

export interface AuditEntry {
  action: string;
  /** Who or what did it: `person:<vendor user id>`, `rapport`, `admin`. */
  actor: string;
  /** Ids of what it was done to. */
  subject: string;
  /** Field names, counts; no values. */
  detail: Readonly<Record<string, string | number | boolean | readonly string[]>>;
}

/** Counts for `rapport status`. A delivery that waits for a parent is counted as parked alone. */
export interface TenantStatus {
  records: Readonly<Record<string, number>>;
  links: Readonly<Record<string, number>>;
  inboxWaiting: number;
  deliveriesWaiting: number;
  parked: readonly { cause: string; count: number }[];
  conflicts: number;
  runs: Readonly<Record<string, number>>;
  /** What only each lane caught. */
  caughtBy: Readonly<Record<string, number>>;
}
