import type { Installation, Kind, Link, Parked, StoredRecord } from '../../protocol/nouns.ts';
import type { TenantTx } from '../../protocol/ports/store.ts';
import type { CanonicalRow } from './canonical-rows.ts';
import type { SyncDeps } from './deps.ts';
import { findRecords, type Stranger } from './find-records.ts';
import { isTwin } from './merge-links.ts';
import { newLink, newRecord } from './new-record.ts';
import type { Observation } from './observation.ts';
import { objectFor } from './sides.ts';
import { twinEntry } from './twin-entry.ts';

export interface LinkedRows {
  /** Records that exist and must be locked. */
  existing: string[];
  created: StoredRecord[];
  /** New links, and known ones that changed here. */
  links: Link[];
  linkOf: Map<string, string>;
  parked: Parked[];
  /** Rows that are not ours to take in. */
  ignored: Set<string>;
  /** Rows of which nothing can be said yet. */
  later: Set<string>;
  /** Links that had ended and are taken up again. */
  restored: Set<string>;
}

type Row = { observation: Observation; canonical: CanonicalRow };

/** Gives every observed row its link: the one it has, a record that matches, or a new record; or parks it. */
export async function linkStrangers(
  deps: SyncDeps,
  tx: TenantTx,
  installation: Installation,
  about: { kind: Kind; object: string },
  rows: readonly Row[],
): Promise<LinkedRows> {
  const result: LinkedRows = {
    existing: [],
    created: [],
    links: [],
    linkOf: new Map(),
    parked: [],
    ignored: new Set(),
    later: new Set(),
    restored: new Set(),
  };
  const known = new Map(
    (
      await tx.linksByExternalId(
        installation.id,
        about.object,
        rows.map((row) => row.observation.row.externalId),
      )
    ).map((link) => [String(link.externalId), link]),
  );
  const strangers: Row[] = [];
  const parkedAs = (row: Row, entry: Waiting): void => {
    const { externalId } = row.observation.row;
    const where = { installationId: installation.id, object: about.object, externalId, recordId: null };
    result.parked.push({ ...where, ...entry, id: deps.ids.next(), value: null, at_ms: deps.clock.now_ms() });
  };
  const ended = [...known.values()].filter((link) => link.state !== 'live');
  const live = (await tx.linksOfRecords(ended.map((link) => link.recordId))).filter(
    (link) => link.installationId === installation.id && link.state === 'live',
  );
  const liveOf = ({ recordId }: Link): Link | undefined => live.find((link) => link.recordId === recordId);
  const retired = ended.filter((link) => link.state === 'retired');
  const taken = new Set(retired.filter(liveOf).map((link) => link.recordId));
  for (const row of rows) {
    const { externalId, archived } = row.observation.row;
    const link = known.get(externalId);
    if (link?.state === 'alias') {
      if (archived) result.ignored.add(externalId);
      // Merged away and back again: whose it is now is found out as of any new row.
      else if (isTwin(link)) parkedAs(row, { ...twinEntry(liveOf(link) ?? link, undefined), recordId: link.recordId });
      else strangers.push(row);
    } else if (link?.state === 'retired' && !archived && taken.has(link.recordId)) {
      // Another row has taken its place: whose the record is now, a person decides.
      parkedAs(row, ambiguous([link.recordId]));
    } else if (link && (link.state === 'live' || !archived)) {
      // A restored row takes its link up again, with its base.
      if (link.state === 'retired') {
        result.links.push({ ...link, state: 'live' });
        result.restored.add(link.id);
        taken.add(link.recordId);
      }
      result.linkOf.set(externalId, link.id);
      result.existing.push(link.recordId);
    } else if (link || archived) {
      result.ignored.add(externalId);
    } else {
      strangers.push(row);
    }
  }
  if (strangers.length > 0)
    await place(
      deps,
      tx,
      installation,
      about,
      { strangers, taken, known, standing: standing(rows), read: readIds(rows), parkedAs },
      result,
    );
  return result;
}

type Waiting = Pick<Parked, 'field' | 'cause' | 'detail' | 'remedy' | 'waitsFor'> & { recordId?: string };

function ambiguous(recordIds: readonly string[]): Waiting {
  return {
    field: null,
    cause: 'ambiguous_match',
    detail: recordIds.join(' '),
    remedy: 'Decide which record this is, or merge the duplicates in the CRM.',
    waitsFor: null,
  };
}

interface Unplaced {
  strangers: readonly Row[];
  /** Records whose place here a restored row of this batch has. */
  taken: ReadonlySet<string>;
  /** Rows that this reading shows to be there. */
  standing: ReadonlySet<string>;
  /** All rows of this reading. */
  read: ReadonlySet<string>;
  /** Their links, where they were merged away once. */
  known: ReadonlyMap<string, Link>;
  parkedAs: (row: Row, entry: Waiting) => void;
}

function standing(rows: readonly Row[]): Set<string> {
  const there = rows.filter(({ observation }) => !observation.row.archived);
  return new Set(there.map(({ observation }) => observation.row.externalId));
}

function readIds(rows: readonly Row[]): Set<string> {
  return new Set(rows.map(({ observation }) => observation.row.externalId));
}

async function place(
  deps: SyncDeps,
  tx: TenantTx,
  installation: Installation,
  about: { kind: Kind; object: string },
  { strangers, taken, known, standing, read, parkedAs }: Unplaced,
  result: LinkedRows,
): Promise<void> {
  const mapping = deps.mapper.mappings.kinds[about.kind];
  const idField = objectFor(deps.mapper, about.kind, installation)?.idField;
  const matchedBy = new Set(
    mapping.match.flatMap((rule) => (rule.by === 'field' ? [rule.field] : [rule.reference, rule.name])),
  );

  const ready: { row: Row; stranger: Stranger }[] = [];
  for (const row of strangers) {
    const ours = idField === undefined ? undefined : row.observation.row.fields[idField];
    const recordId = typeof ours === 'string' && ours !== '' ? ours : null;
    const waits = row.canonical.held.find((held) => matchedBy.has(held.field) && held.cause === 'missing_parent');
    // An erased person stays erased, whatever is delivered late or read again.
    const erased = about.kind === 'contact' && (await tx.isErased(installation.vendor, row.observation.row.externalId));
    if (erased || (mapping.ours && recordId === null)) result.ignored.add(row.observation.row.externalId);
    else if (waits && recordId === null) parkedAs(row, { ...waits, field: null });
    else
      ready.push({
        row,
        stranger: { externalId: row.observation.row.externalId, recordId, fields: row.canonical.fields },
      });
  }

  const found = await findRecords(
    deps,
    tx,
    installation,
    about.kind,
    ready.map((one) => one.stranger),
    { restored: taken, standing, read },
  );
  // Read under the lock of matching, which opening takes too: the account may have opened since the batch began.
  const writing = (await tx.installations()).filter((one) => one.state === 'writing');
  const opened = !mapping.ours && writing.some((one) => one.id === installation.id);
  const others = opened ? writing.filter((one) => one.id !== installation.id) : [];
  for (const { row, stranger } of ready) {
    const place = found.get(stranger.externalId);
    if (!place) continue;
    if (place.status === 'later') {
      result.later.add(stranger.externalId);
      continue;
    }
    if (place.status === 'ambiguous') {
      parkedAs(row, ambiguous(place.recordIds));
      continue;
    }
    if (place.status === 'new' && mapping.ours) {
      result.ignored.add(stranger.externalId);
      continue;
    }
    const record = place.status === 'record' ? undefined : newRecord(deps.ids.next(), about.kind);
    const recordId = place.status === 'record' ? place.recordId : (record as StoredRecord).id;
    const pending = place.status === 'record' ? place.pending : undefined;
    // Merged away once and back again, it has a link of its own.
    const own = known.get(stranger.externalId);
    if (own && pending) result.links.push({ ...pending, state: 'alias', deliverAt_ms: null });
    const link =
      pending && !own
        ? { ...pending, externalId: stranger.externalId }
        : newLink(own?.id ?? deps.ids.next(), recordId, installation.id, about.object, stranger.externalId);
    result.links.push(link);
    result.linkOf.set(stranger.externalId, link.id);
    if (!record) {
      result.existing.push(recordId);
      continue;
    }
    result.created.push(record);
    for (const other of others) {
      const target = objectFor(deps.mapper, about.kind, other);
      if (target) result.links.push(newLink(deps.ids.next(), record.id, other.id, target.object, null));
    }
  }
}
