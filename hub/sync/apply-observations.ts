import type { Installation, Kind, Link, Parked, StoredRecord } from '../../protocol/nouns.ts';
import type { TenantTx } from '../../protocol/ports/store.ts';
import { canonicalRows, type CanonicalRow } from './canonical-rows.ts';
import type { SyncDeps } from './deps.ts';
import { linkStrangers } from './link-strangers.ts';
import { markDeliveries } from './mark-deliveries.ts';
import type { Applied, Observation } from './observation.ts';
import { finish, observeRow } from './observe-row.ts';
import { candidatesOf, endParked } from './parked-entries.ts';
import { saveWorkingSet } from './save-working-set.ts';
import type { WorkingSet } from './working-set.ts';

/*
 * One transaction's worth of observed rows of one object:
 *   rows -> canonical form -> links (strangers are matched or become new records) -> records locked in id order
 *        -> reconcile each (pure) -> save records, changes, conflicts, parked, links, runs, audit
 */
export async function applyObservations(
  deps: SyncDeps,
  tx: TenantTx,
  installation: Installation,
  about: { kind: Kind; object: string },
  observations: readonly Observation[],
): Promise<Applied> {
  const applied: Applied = {
    finished: [],
    again: [],
    deliverTo: new Set(),
    wokeHints: false,
    startedRuns: false,
  };
  if (observations.length === 0) return applied;
  const fields = observations.map((one) => one.row.fields);
  const canonical = await canonicalRows(deps.mapper, tx, installation, about, fields);
  const rows = observations.map((observation, index) => ({
    observation,
    canonical: canonical[index] as CanonicalRow,
  }));

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
    newlyLive: [],
    parked: linked.parked,
    unparked: [],
    applied,
  };
  for (const { observation, canonical: row } of rows) {
    const { externalId } = observation.row;
    const link = set.links.get(linked.linkOf.get(externalId) ?? '');
    if (link) observeRow(set, observation, row, link);
    else if (linked.ignored.has(externalId)) {
      endParked(set, externalId);
      finish(set, observation, 'no_change');
    } else finish(set, observation, 'parked');
  }
  markDeliveries(set);
  await saveWorkingSet(tx, set);
  return applied;
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
    const current = links.get(link.id);
    const externalId = current?.externalId ?? link.externalId;
    links.set(link.id, current ? { ...current, externalId, state: link.state } : link);
  }
  return [...links.values()];
}
