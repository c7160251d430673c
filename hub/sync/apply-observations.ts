import type { Installation, Kind, Link, Parked, StoredRecord } from '../../protocol/nouns.ts';
import type { TenantTx } from '../../protocol/ports/store.ts';
import { canonicalRows, type CanonicalRow } from './canonical-rows.ts';
import type { SyncDeps } from './deps.ts';
import { linkStrangers } from './link-strangers.ts';
import { lookAgain } from './look-again.ts';
import { markDeliveries } from './mark-deliveries.ts';
import { massDeleteEntry, tooManyGone } from './mass-delete.ts';
import { mergeRows } from './merge-rows.ts';
import type { Applied, Observation } from './observation.ts';
import { finish, observeRow } from './observe-row.ts';
import { candidatesOf, endParked } from './parked-entries.ts';
import { saveWorkingSet } from './save-working-set.ts';
import type { WorkingSet } from './working-set.ts';

/*
 * One transaction's worth of observed rows of one object:
 *   rows that were merged become one record
 *        -> canonical form -> links (strangers are matched or become new records) -> records locked in id order
 *        -> reconcile each (pure) -> save records, changes, conflicts, parked, links, runs, audit
 */
export async function applyObservations(
  deps: SyncDeps,
  tx: TenantTx,
  installation: Installation,
  about: { kind: Kind; object: string },
  read: readonly Observation[],
): Promise<Applied> {
  const applied: Applied = {
    finished: [],
    again: [],
    undecided: new Set(),
    deliverTo: new Set(),
    wokeHints: false,
    startedRuns: false,
  };
  const { merged, waiting } = await mergeRows({ deps, tx, installation, about }, read);
  const observations = read.filter(({ row }) => !waiting.has(row.externalId));
  const undecided = read.filter(({ row }) => waiting.has(row.externalId));
  applied.again.push(...undecided.flatMap((one) => one.items.map((item) => item.id)));
  for (const { row } of undecided) applied.undecided.add(row.externalId);
  if (read.every((one) => one.items.length === 0)) await lookLater(deps, tx, installation, about.object, undecided);
  if (observations.length === 0) return applied;
  const fields = observations.map((one) => one.row.fields);
  const canonical = await canonicalRows(deps.mapper, tx, installation, about, fields);
  const rows = observations.map((observation, index) => ({
    observation,
    canonical: canonical[index] as CanonicalRow,
  }));

  const held = await tooManyGone(deps, tx, installation, about, observations);
  const linked = await linkStrangers(deps, tx, installation, about, rows);
  const unlinked = await tx.parkedAt(
    installation.id,
    about.object,
    observations.map((one) => one.row.externalId),
  );
  const candidates = unlinked.flatMap(candidatesOf);
  if (candidates.length > 0) await tx.lockMatching(about.kind);
  const records = [...(await tx.lockRecords([...linked.existing, ...candidates])), ...linked.created];
  const links = underLock(await tx.linksOfRecords(records.map((record) => record.id)), linked.links);
  const set: WorkingSet = {
    deps,
    installation,
    about,
    installations: await tx.installations(),
    now_ms: deps.clock.now_ms(),
    records: new Map(records.map((record) => [record.id, record])),
    links: new Map(links.map((link) => [link.id, link])),
    writes: Map.groupBy(await tx.openWrites(links.map((link) => link.id)), (write) => write.linkId),
    parkedBefore: [...unlinked, ...(await parkedWithoutRow(tx, installation, records))],
    changes: [],
    conflicts: [],
    settled: [],
    touched: new Set(),
    retried: new Set(),
    restored: linked.restored,
    fates: [],
    newlyLive: [],
    parked: linked.parked,
    unparked: [],
    applied,
  };
  for (const { observation, canonical: row } of rows) {
    const { externalId } = observation.row;
    const link = set.links.get(linked.linkOf.get(externalId) ?? '');
    if (link && held.has(externalId)) {
      const where = { id: deps.ids.next(), installationId: installation.id, object: about.object, externalId };
      const entry = massDeleteEntry(installation, about.object);
      set.parked.push({ ...where, ...entry, recordId: link.recordId, at_ms: set.now_ms });
      finish(set, observation, 'parked');
    } else if (link) observeRow(set, observation, row, link);
    else if (linked.ignored.has(externalId)) {
      endParked(set, externalId);
      finish(set, observation, merged.has(externalId) ? 'applied' : 'no_change');
    } else if (linked.later.has(externalId)) {
      applied.again.push(...observation.items.map((item) => item.id));
    } else finish(set, observation, 'parked');
  }
  markDeliveries(set);
  await saveWorkingSet(tx, set);
  return applied;
}

/** Rows that nobody asked for by a hint are looked at again by one. */
async function lookLater(
  deps: SyncDeps,
  tx: TenantTx,
  { id }: Installation,
  object: string,
  held: readonly Observation[],
): Promise<void> {
  if (held.length === 0) return;
  const now_ms = deps.clock.now_ms();
  const rows = held.map(({ row }) => ({ object, externalId: row.externalId }));
  await tx.addInbox(
    id,
    rows.map((row) => lookAgain(`merge-${object}-${row.externalId}-${now_ms}`, row, now_ms)),
  );
  await tx.markDue(id, 'observe', now_ms);
}

/** What waits of these records since before they had a row here. */
async function parkedWithoutRow(
  tx: TenantTx,
  installation: Installation,
  records: readonly StoredRecord[],
): Promise<Parked[]> {
  const ofRecords = await tx.parkedOf(records.map((record) => record.id));
  return ofRecords.filter((entry) => entry.installationId === installation.id && entry.externalId === null);
}

/**
 * A link that was found before its record was locked may have been settled by a delivery meanwhile: what is read under the
 * lock holds, and of what was found only its new row or state.
 */
function underLock(locked: readonly Link[], found: readonly Link[]): Link[] {
  const links = new Map(locked.map((link) => [link.id, link]));
  for (const link of found) {
    const before = links.get(link.id);
    const current = before?.recordId === link.recordId ? before : undefined;
    const externalId = current?.externalId ?? link.externalId;
    links.set(link.id, current ? { ...current, externalId, state: link.state } : link);
  }
  return [...links.values()];
}
