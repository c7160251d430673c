import { actorName } from '../../protocol/actor-name.ts';
import type { Change, Installation, Parked, StoredRecord } from '../../protocol/nouns.ts';
import type { TenantTx } from '../../protocol/ports/store.ts';
import { linkMissing } from './link-missing.ts';
import { lookAgain } from './look-again.ts';
import { candidatesOf } from './parked-entries.ts';
import { withKeys } from './record-keys.ts';
import { wakeHints } from './postpone.ts';
import type { WorkingSet } from './working-set.ts';

/** Saves everything that the observations of one transaction brought, with what it sets off. */
export async function saveWorkingSet(tx: TenantTx, set: WorkingSet): Promise<void> {
  const { mapper } = set.deps;
  await tx.saveRecords([...set.touched].map((id) => withKeys(mapper, set.records.get(id) as StoredRecord)));
  await tx.saveLinks([...set.links.values()]);
  await tx.saveWrites(set.settled);
  await tx.addChanges(set.changes);
  await tx.addConflicts(set.conflicts);
  await tx.unpark(set.unparked);
  await tx.park(set.parked);
  await createReleased(tx, set);
  await tx.finishInbox(set.applied.finished);
  for (const installationId of set.applied.deliverTo) await tx.markDue(installationId, 'deliver', set.now_ms);
  await startRuns(tx, set);
  await wakeChildren(tx, set);
  await wakeRivals(tx, set);
  const settled = set.settled.flatMap((write) => set.links.get(write.linkId)?.externalId ?? []);
  set.applied.wokeHints = await wakeHints(set.deps, tx, set.installation.id, set.about.object, settled);
  await audit(tx, set);
}

/** Records that an unlinked row held back are created at the account once that row is known or gone. */
async function createReleased(tx: TenantTx, set: WorkingSet): Promise<void> {
  const here = installationOf(set);
  if (here.state !== 'writing') return;
  const live = releasedBy(set).filter((id) => set.records.get(id)?.deletedAt_ms === null);
  if (await linkMissing(set.deps, tx, here, set.about.kind, live)) set.applied.deliverTo.add(here.id);
}

/** The records that a row might have belonged to of which that is known now. */
function releasedBy({ unparked, parkedBefore }: WorkingSet): string[] {
  const ended = new Set(unparked);
  return parkedBefore.filter((entry) => ended.has(entry.id)).flatMap(candidatesOf);
}

/** Other rows that might be the same record are looked at again: the last of them is. */
async function wakeRivals(tx: TenantTx, set: WorkingSet): Promise<void> {
  const released = releasedBy(set);
  if (released.length === 0) return;
  await lookAt(tx, set, await tx.ambiguousRows(set.installation.id, released), 'alone');
}

async function startRuns(tx: TenantTx, set: WorkingSet): Promise<void> {
  const { about, changes, now_ms } = set;
  const seen = { installation: installationOf(set), kind: about.kind, changes, now_ms };
  if (await set.deps.startRuns(tx, seen)) set.applied.startedRuns = true;
}

/** Where the rows were observed, as this transaction sees it: its state may have changed since they were asked for. */
function installationOf(set: WorkingSet): Installation {
  return set.installations.find((one) => one.id === set.installation.id) as Installation;
}

/** Rows that waited for one of the rows linked here are looked at again. */
async function wakeChildren(tx: TenantTx, set: WorkingSet): Promise<void> {
  const keys = set.newlyLive.flatMap(({ object, externalId }) =>
    externalId === null ? [] : [`${object}:${externalId}`],
  );
  const waiting = keys.length === 0 ? [] : await tx.parkedWaitingFor(set.installation.id, keys);
  await lookAt(tx, set, waiting, 'wake');
}

async function lookAt(tx: TenantTx, set: WorkingSet, waiting: readonly Parked[], why: string): Promise<void> {
  const hints = waiting.flatMap(({ id, object, externalId, waitsFor }) =>
    externalId === null
      ? []
      : [lookAgain(`${why}-${id}-${waitsFor ?? set.now_ms}`, { object, externalId }, set.now_ms)],
  );
  if (hints.length === 0) return;
  await tx.addInbox(set.installation.id, hints);
  await tx.markDue(set.installation.id, 'observe', set.now_ms);
}

async function audit(tx: TenantTx, set: WorkingSet): Promise<void> {
  const byRecord = Map.groupBy(set.changes, (change) => change.recordId);
  const detail = { installation: set.installation.id };
  const fates = set.fates.map(({ action, recordId, actor }) => ({ action, actor, subject: recordId, detail }));
  const edits = [...byRecord].map(([subject, changes]) => {
    const { cause } = changes[0] as Change;
    const actor = actorName(changes[0]?.author);
    const fields = changes.map((change) => change.field);
    return { action: `change.${cause.lane}`, actor, subject, detail: { side: set.installation.vendor, fields } };
  });
  await tx.audit([...edits, ...fates]);
}
