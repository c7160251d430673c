import { actorName } from '../../protocol/actor-name.ts';
import type { Conflict, Installation, Kind, Link, Parked, StoredRecord } from '../../protocol/nouns.ts';
import type { TenantTx } from '../../protocol/ports/store.ts';
import type { SyncDeps } from './deps.ts';
import { foldRecord } from './fold-record.ts';
import { isTwin, mergeLinks } from './merge-links.ts';
import { mergesIn, type SeenMerge } from './merges-in.ts';
import type { Observation } from './observation.ts';
import { recordsReferringTo, withKeys } from './record-keys.ts';
import { repointChildren } from './repoint-children.ts';
import { objectFor } from './sides.ts';
import { twinEntry } from './twin-entry.ts';

type About = { kind: Kind; object: string };

interface Merging {
  deps: SyncDeps;
  tx: TenantTx;
  installation: Installation;
  about: About;
}

/** What became of the merges that readings show. */
export interface MergedRows {
  /** Rows that were taken into another one now. */
  merged: Set<string>;
  /** Rows of which nothing can be decided yet: a write is unanswered, or the survivor was not read. */
  waiting: Set<string>;
}

/**
 * Rows that people merged become one record, before anything else is made of the readings: its links are one live link and
 * aliases, the other records are folded into it, and what refers to them is turned and read again at every account. May be
 * repeated: what is one already stays as it is.
 */
export async function mergeRows(merging: Merging, observations: readonly Observation[]): Promise<MergedRows> {
  const { tx, installation, about } = merging;
  const { merges, unread } = mergesIn(observations);
  const result: MergedRows = { merged: new Set(), waiting: new Set() };
  if (merges.length === 0 && unread.size === 0) return result;
  const ids = [...unread, ...merges.flatMap(({ survivor, losers }) => [survivor, ...losers])];
  // A survivor shows for ever what ended in it: the lock is for what is not one yet.
  if (isSettled(await tx.linksByExternalId(installation.id, about.object, ids), merges, unread)) return result;
  await tx.lockMatching(about.kind);
  const links = await tx.linksByExternalId(installation.id, about.object, ids);
  for (const { externalId, state } of links)
    if (state === 'live' && externalId !== null && unread.has(externalId)) result.waiting.add(externalId);
  for (const merge of merges) {
    const own = losersOf(merge, links);
    const target = survivorOf(merge, links);
    if (isOne(own, target)) continue;
    const row = observations.find((one) => one.row.externalId === merge.survivor);
    const isDone = await mergeInto(merging, merge, own, target, row as Observation);
    for (const id of isDone ? merge.losers : [merge.survivor, ...merge.losers])
      (isDone ? result.merged : result.waiting).add(id);
  }
  return result;
}

function isSettled(links: readonly Link[], merges: readonly SeenMerge[], unread: ReadonlySet<string>): boolean {
  const hasLive = links.some((one) => one.state === 'live' && one.externalId !== null && unread.has(one.externalId));
  return !hasLive && merges.every((merge) => isOne(losersOf(merge, links), survivorOf(merge, links)));
}

function losersOf({ losers }: SeenMerge, links: readonly Link[]): Link[] {
  return links.filter((link) => losers.has(String(link.externalId)));
}

function survivorOf({ survivor }: SeenMerge, links: readonly Link[]): Link | undefined {
  return links.find((link) => link.externalId === survivor);
}

/** The rows that ended are aliases of the survivor's record. */
function isOne(losers: readonly Link[], survivor: Link | undefined): boolean {
  return losers.every((link) => link.state === 'alias' && link.base === null && link.recordId === survivor?.recordId);
}

/** False: a write to one of the links is unanswered, so that it must be tried again. */
async function mergeInto(
  merging: Merging,
  { survivor, losers }: SeenMerge,
  own: readonly Link[],
  target: Link | undefined,
  { row }: Observation,
): Promise<boolean> {
  const { deps, tx, installation, about } = merging;
  const recordId = target?.recordId ?? (await stayingRecord(merging, own, row.fields));
  const here = (link: Link): boolean => link.installationId === installation.id;
  const candidates = [...new Set(own.map((link) => link.recordId))].filter((id) => id !== recordId);
  const rivals = await tx.linksOfRecords(candidates);
  // A record that has a live row beside the merged ones is another one still.
  const ended = candidates.filter((id) =>
    rivals.every(
      (link) =>
        link.recordId !== id ||
        !here(link) ||
        link.state !== 'live' ||
        link.externalId === null ||
        losers.has(link.externalId),
    ),
  );
  const children = await recordsReferringTo(deps.mapper, tx, about.kind, [recordId, ...ended]);
  const locked = await tx.lockRecords([recordId, ...ended, ...children]);
  const all = await tx.linksOfRecords([recordId, ...ended]);
  const open = await tx.openWrites(all.map((link) => link.id));
  const stays = locked.find((record) => record.id === recordId);
  if (!stays || open.some((write) => write.state !== 'answered')) return false;

  const known = new Set(all.map((link) => link.id));
  const beside = own.filter((link) => !known.has(link.id));
  const merge = { installationId: installation.id, object: about.object, survivor, losers, recordId };
  const steps = mergeLinks(merge, [...all, ...beside], () => deps.ids.next());
  for (const links of steps) await tx.saveLinks(links);
  const live = new Set(steps.flat().flatMap((link) => (link.state === 'live' ? [link.id] : [])));
  // What was written to a row that is no more will never be read back.
  await tx.saveWrites(
    open.filter((write) => !live.has(write.linkId)).map((write) => ({ ...write, state: 'rejected' })),
  );
  const folding = locked.filter((record) => ended.includes(record.id));
  // Its row stands: whatever was deleted of it elsewhere, it lives.
  await fold(merging, row.archived ? stays : { ...stays, deletedAt_ms: null }, folding, row.author);
  const turned = { children: locked.filter((record) => children.includes(record.id)), ended, into: recordId };
  await repointChildren(deps, tx, turned);
  await tx.unpark((await tx.parkedOf(ended)).map((entry) => entry.id));
  await tx.unpark((await tx.parkedAt(installation.id, about.object, [...losers])).map((entry) => entry.id));
  await parkTwins(merging, recordId);
  const detail = { installation: installation.id, records: ended };
  await tx.audit([{ action: 'record.merge', actor: actorName(row.author), subject: recordId, detail }]);
  return true;
}

/** Where the survivor has a new id: the record that its row names, as the row that people kept did; else the oldest. */
async function stayingRecord(
  { deps, tx, installation, about }: Merging,
  own: readonly Link[],
  fields: Observation['row']['fields'],
): Promise<string> {
  const rank = (link: Link): number => ['live', 'alias', 'retired'].indexOf(link.state);
  const ids = own
    .toSorted((a, b) => rank(a) - rank(b) || (a.recordId < b.recordId ? -1 : 1))
    .map((one) => one.recordId);
  const named = String(fields[objectFor(deps.mapper, about.kind, installation)?.idField ?? ''] ?? '');
  const record = (await tx.foldedInto([named])).get(named) ?? named;
  return ids.includes(record) ? record : (ids[0] as string);
}

async function fold(
  { deps, tx, installation }: Merging,
  stays: StoredRecord,
  ended: readonly StoredRecord[],
  author: Observation['row']['author'],
): Promise<void> {
  const { fields } = deps.mapper.mappings.kinds[stays.kind];
  const now_ms = deps.clock.now_ms();
  let record = stays;
  for (const [index, one] of ended.entries()) {
    const folded = foldRecord(fields, record, one);
    const about = { recordId: stays.id, at_ms: now_ms + index };
    const conflicts = folded.conflicts.map((lost): Conflict => ({ ...lost, ...about, id: deps.ids.next() }));
    await tx.addConflicts(conflicts);
    const changes = folded.changes.map((change) => {
      const id = deps.ids.next();
      const by = { side: installation.vendor, author, cause: { lane: 'event', id } } as const;
      return { ...change, ...about, ...by, id };
    });
    await tx.addChanges(changes);
    ({ record } = folded);
  }
  const endedIds = ended.map((one) => one.id);
  if (ended.length > 0) await tx.foldRecords(endedIds, stays.id, now_ms);
  await tx.saveRecords([withKeys(deps.mapper, record)]);
}

/** Rows of the record that still stand at other accounts beside the linked one: a person must merge them there, too. */
async function parkTwins({ deps, tx, installation, about }: Merging, recordId: string): Promise<void> {
  const links = await tx.linksOfRecords([recordId]);
  const entries = links.filter(isTwin).flatMap((twin): Parked[] => {
    const stays = links.find((link) => link.installationId === twin.installationId && link.state === 'live');
    if (!stays) return [];
    const where = { id: deps.ids.next(), installationId: twin.installationId, object: about.object, recordId };
    const row = { ...where, externalId: twin.externalId, object: twin.object, at_ms: deps.clock.now_ms() };
    return [{ ...row, ...twinEntry(stays, installation.vendor) }];
  });
  await tx.park(entries);
}
