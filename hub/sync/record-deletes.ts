import { actorName } from '../../protocol/actor-name.ts';
import type { Author, Link } from '../../protocol/nouns.ts';
import { deriveWrite } from './derive-write.ts';
import { newLink } from './new-record.ts';
import { objectFor, rulesFor } from './sides.ts';
import { recordOf, type WorkingSet } from './working-set.ts';

const nothingRefused = new Map<string, never>();

/**
 * A row is gone. Where the mapping says that the others go with it, the record is deleted and they are due; not where somebody
 * changed the record since this row last agreed with it: an edit outlives a deletion.
 */
export function deleteWith(set: WorkingSet, link: Link, author: Author): void {
  const { deps, installation } = set;
  const record = recordOf(set, link);
  const { onDelete } = deps.mapper.mappings.kinds[record.kind];
  if (onDelete === 'keep' || installation.state !== 'writing' || record.deletedAt_ms !== null) return;
  const rules = rulesFor(deps.mapper, record.kind, installation, 'out');
  const unsent = deriveWrite({ rules, canonical: record.fields, base: link.base, refused: nothingRefused });
  if (Object.keys(unsent).length > 0) return;
  set.records.set(record.id, { ...record, deletedAt_ms: set.now_ms });
  set.fates.push({ action: 'record.delete', recordId: record.id, actor: actorName(author) });
  set.touched.add(record.id);
}

/** A deleted record of which a row is back, or was edited in time, lives. What went with the row that is back is made again. */
export function reviveRecord(set: WorkingSet, link: Link, isBack: boolean, author: Author): void {
  const record = recordOf(set, link);
  if (record.deletedAt_ms === null) return;
  set.records.set(record.id, { ...record, deletedAt_ms: null });
  set.fates.push({ action: 'record.revive', recordId: record.id, actor: actorName(author) });
  set.touched.add(record.id);
  const links = [...set.links.values()].filter((one) => one.recordId === record.id);
  for (const at of isBack ? set.installations : []) {
    const there = links.filter((one) => one.installationId === at.id);
    const target = objectFor(set.deps.mapper, record.kind, at);
    const isEnded = there.length > 0 && there.every((one) => one.state !== 'live');
    if (!target || at.state !== 'writing' || at.id === set.installation.id || !isEnded) continue;
    const made = newLink(set.deps.ids.next(), record.id, at.id, target.object, null);
    set.links.set(made.id, made);
  }
}

/** The rows of a deleted record go, too; what was still to be created is not. */
export function condemn(set: WorkingSet, link: Link): void {
  if (link.externalId === null) set.links.set(link.id, { ...link, state: 'retired', deliverAt_ms: null });
  else {
    set.links.set(link.id, { ...link, deliverAt_ms: set.now_ms });
    set.applied.deliverTo.add(link.installationId);
  }
}
