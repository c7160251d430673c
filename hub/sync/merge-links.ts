import type { Link } from '../../protocol/nouns.ts';
import { newLink } from './new-record.ts';

/** Rows of one object that people merged at an account, and the record that they are from now on. */
export interface RowMerge {
  installationId: string;
  object: string;
  survivor: string;
  losers: ReadonlySet<string>;
  recordId: string;
}

/**
 * What becomes of all links of the records that are one now. Pure. At the account of the merge the live link goes on with the
 * survivor's id, whatever its link was called before, and every other id is an alias. At another account one link stays live.
 * Answers what to save, in this order: an id is given up before another link takes it.
 */
export function mergeLinks(merge: RowMerge, links: readonly Link[], newId: () => string): Link[][] {
  const steps: [Link[], Link[], Link[]] = [[], [], []];
  for (const [installationId, some] of Map.groupBy(links, (link) => link.installationId)) {
    if (installationId === merge.installationId) mergeHere(merge, some, newId, steps);
    else mergeElsewhere(merge, some, steps);
  }
  return steps;
}

/** A row that was not merged away, and still stands beside the record's live one. */
export function isTwin(link: Link): boolean {
  return link.state === 'alias' && link.base !== null && link.externalId !== null;
}

function mergeHere(
  merge: RowMerge,
  links: readonly Link[],
  newId: () => string,
  [freed, taken, aliases]: [Link[], Link[], Link[]],
): void {
  const { recordId, survivor, losers } = merge;
  const target = links.find((link) => link.externalId === survivor);
  const stays = stayingHere(merge, links, target);
  // A row beside the merged ones is the record's: the survivor is one more alias of it.
  const isTaken = stays.externalId === null || stays.externalId === survivor || losers.has(stays.externalId);
  for (const link of links) {
    if (link === stays) continue;
    const isMerged = link.externalId === null || losers.has(link.externalId) || (isTaken && link === target);
    if (link.state === 'retired' && !isMerged) freed.push({ ...link, recordId });
    else freed.push({ ...aliasOf(link, recordId), base: isMerged ? null : (link.base ?? {}) });
  }
  taken.push({ ...stays, recordId, state: 'live', externalId: isTaken ? survivor : stays.externalId });
  if (!isTaken || stays.externalId === survivor) return;
  // Its former id: the survivor's own link has no other use now.
  const given = target && freed.find((link) => link.id === target.id);
  if (given) freed.splice(freed.indexOf(given), 1, { ...given, externalId: null });
  if (stays.externalId === null) return;
  const alias = given ?? newLink(newId(), recordId, merge.installationId, merge.object, null);
  aliases.push({ ...aliasOf(alias, recordId), externalId: stays.externalId, base: null });
}

/** The link that goes on: the survivor's own, the record's, any live one, or one that had ended. */
function stayingHere({ recordId }: RowMerge, links: readonly Link[], target: Link | undefined): Link {
  const live = links.filter((link) => link.state === 'live');
  const own = live.find((link) => link.recordId === recordId && link.externalId !== null);
  const found = target?.state === 'live' ? target : (own ?? live.find((link) => link.externalId !== null) ?? target);
  return found ?? live[0] ?? (links[0] as Link);
}

function mergeElsewhere({ recordId }: RowMerge, links: readonly Link[], [freed, taken]: Link[][]): void {
  const live = links.filter((link) => link.state === 'live');
  const rows = live.filter((link) => link.externalId !== null);
  const stays = rows.find((link) => link.recordId === recordId) ?? rows[0] ?? live[0];
  for (const link of links) {
    if (link === stays) taken?.push({ ...link, recordId });
    else if (link.state !== 'live') freed?.push({ ...link, recordId });
    else freed?.push({ ...aliasOf(link, recordId), base: link.externalId === null ? null : (link.base ?? {}) });
  }
}

function aliasOf(link: Link, recordId: string): Link {
  return { ...link, recordId, state: 'alias', deliverAt_ms: null, attempts: 0 };
}
