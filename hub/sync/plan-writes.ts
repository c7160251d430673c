import type { ObjectDescription } from '../../protocol/crm-connector.ts';
import type { Fields } from '../../protocol/fields.ts';
import type { Installation, Kind, Link, StoredRecord } from '../../protocol/nouns.ts';
import { kindOrder } from '../../protocol/nouns.ts';
import type { TenantTx } from '../../protocol/ports/store.ts';
import type { SyncDeps } from './deps.ts';
import { planLink, type Delivery, type PlannedLink } from './plan-link.ts';
import { objectFor } from './sides.ts';
import { unseenLinks } from './unseen-links.ts';
import { readWriteJob } from './write-job.ts';

export interface PlannedWrites {
  kind: Kind;
  object: string;
  idField: string;
  deliveries: Delivery[];
  /** Left out: their rows must be read before. */
  unseen: Link[];
  /** The read-back asks for associations too. */
  edges: boolean;
}

/**
 * Derives what to write to one object of the installation, parents first, and stores the Writes as sent. `seen`: links whose
 * rows have just been read. `isForJob`: only rows to be made that were never tried, all for one job.
 */
export async function planWrites(
  deps: SyncDeps,
  tx: TenantTx,
  installation: Installation,
  descriptions: ReadonlyMap<string, ObjectDescription>,
  limit: number,
  seen: ReadonlySet<string>,
  isForJob = false,
): Promise<PlannedWrites | undefined> {
  const targets = kindOrder.flatMap((kind) => {
    const target = objectFor(deps.mapper, kind, installation);
    return target && descriptions.has(target.object) ? [{ kind, ...target }] : [];
  });
  const now_ms = deps.clock.now_ms();
  const objects = targets.map((target) => target.object);
  const job = await readWriteJob(tx, installation.id);
  const due = isForJob
    ? await tx.createsToDeliver(installation.id, objects[0] ?? '', now_ms, limit)
    : await tx.linksToDeliver(installation.id, objects, now_ms, limit);
  const target = targets.find((one) => one.object === due[0]?.object);
  const description = target && descriptions.get(target.object);
  if (!target || !description) return undefined;
  // Before the records are locked: what comes in meanwhile waits for them, too.
  const unseen = await unseenLinks(
    deps,
    tx,
    installation,
    target,
    due.filter((link) => !seen.has(link.id)),
  );
  const unseenIds = new Set(unseen.map((link) => link.id));
  const ready = due.filter((link) => !unseenIds.has(link.id));
  const records = await tx.lockRecords([...new Set(ready.map((link) => link.recordId))]);
  const recordIds = records.map((record) => record.id);
  const byId = new Map(records.map((record) => [record.id, record]));
  const readyIds = new Set(ready.map((link) => link.id));
  // Another process may have planned them while this one waited for the records: what it sent is not due now.
  const isDue = (link: Link): boolean => link.deliverAt_ms !== null && link.deliverAt_ms <= now_ms;
  const current = (await tx.linksOfRecords(recordIds)).filter(
    (link) => readyIds.has(link.id) && link.state === 'live' && isDue(link),
  );
  // What is to be deleted is read before, always: an edit outlives it.
  const isUnseen = (link: Link): boolean => byId.get(link.recordId)?.deletedAt_ms != null && !seen.has(link.id);
  const links = current.filter((link) => !isUnseen(link));
  const open = new Map((await tx.openWrites(links.map((link) => link.id))).map((write) => [write.linkId, write]));
  const parked = Map.groupBy(await tx.parkedOf(recordIds), (entry) => String(entry.recordId));
  // What is removed from a set stands only in the base.
  const known = [...records.map((record) => record.fields), ...links.map((link) => link.base ?? {})];
  const resolve = await resolver(deps, tx, installation, target.kind, known);
  const context = { deps, installation, target, description, resolve, now_ms, job, isForJob };
  const planned = links
    .filter((link) => !isForJob || !open.has(link.id))
    .map((link): PlannedLink => {
      const record = byId.get(link.recordId) as StoredRecord;
      const mine = (parked.get(record.id) ?? []).filter((entry) => entry.installationId === installation.id);
      return planLink(context, { link, record, unsettled: open.get(link.id), parked: mine });
    });
  const deliveries = planned.flatMap((one) => one.delivery ?? []);
  await tx.saveWrites(deliveries.filter((one) => one.action !== 'read-back').map((one) => one.write));
  await tx.saveLinks(planned.map((one) => one.saved));
  await tx.park(planned.flatMap((one) => one.parked));
  return {
    ...target,
    deliveries,
    unseen: [...unseen, ...current.filter(isUnseen)],
    edges: planned.some((one) => one.edges),
  };
}

/** The external ids, at this installation, of the records that these values refer to. */
async function resolver(
  deps: SyncDeps,
  tx: TenantTx,
  installation: Installation,
  kind: Kind,
  values: readonly Fields[],
): Promise<(to: Kind, recordId: string) => string | undefined> {
  const references = deps.mapper.mappings.kinds[kind].fields.filter((field) => field.to !== null);
  const ids = values.flatMap((fields) => references.flatMap((field) => [fields[field.name] ?? []].flat().map(String)));
  // What was merged meanwhile stands for what it ended in.
  const folded = await tx.foldedInto([...new Set(ids)]);
  const links = await tx.linksOfRecords([...new Set([...ids, ...folded.values()])]);
  const here = new Map(
    links
      .filter((link) => link.installationId === installation.id && link.state === 'live')
      .map((link) => [link.recordId, link.externalId]),
  );
  return (_to, recordId) => here.get(folded.get(recordId) ?? recordId) ?? undefined;
}
