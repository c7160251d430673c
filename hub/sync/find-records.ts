import type { Fields } from '../../protocol/fields.ts';
import type { Installation, Kind, Link } from '../../protocol/nouns.ts';
import type { TenantTx } from '../../protocol/ports/store.ts';
import type { SyncDeps } from './deps.ts';

/** A row that no link knows, in canonical form. */
export interface Stranger {
  externalId: string;
  /** Our id as the vendor's unique field has it, or null. */
  recordId: string | null;
  fields: Fields;
}

export type Found =
  /** The record it belongs to, with its pending link at this installation if it has one. */
  | { status: 'record'; recordId: string; pending: Link | undefined }
  | { status: 'new' }
  /** A person decides: it could belong to any of these. */
  | { status: 'ambiguous'; recordIds: string[] }
  /** It carries the id of a record whose own row was not seen with it: whether it is a copy is not known yet. */
  | { status: 'later' };

/**
 * Which record does each stranger belong to? Our own id decides; else the mapping's match rules in order, among records
 * without a live link at this installation. Two strangers that claim one record, or a twin of a linked row (or of one
 * that is being `restored`), wait for a person, whether they are `read` together or one after the other. A copy of a row that
 * is `standing` carries that one's id, and is a record of its own. Search at the vendor is never asked.
 */
export async function findRecords(
  deps: SyncDeps,
  tx: TenantTx,
  installation: Installation,
  kind: Kind,
  given: readonly Stranger[],
  { restored, standing, read }: Readonly<Record<'restored' | 'standing' | 'read', ReadonlySet<string>>>,
): Promise<Map<string, Found>> {
  const found = new Map<string, Found>();
  await tx.lockMatching(kind);
  const folded = await tx.foldedInto(given.flatMap((one) => one.recordId ?? []));
  const strangers = given.map((one) => ({ ...one, recordId: folded.get(one.recordId ?? '') ?? one.recordId }));
  const keysOf = new Map(strangers.map((one) => [one.externalId, deps.mapper.matchKeys(kind, one.fields)]));
  const candidates = await tx.recordsByMatchKey(kind, [...new Set([...keysOf.values()].flat(2))]);
  const byKey = Map.groupBy(candidates, (one) => one.key);
  // Rows that were looked at before, and are the same record as far as anybody can tell: none of them is taken for it alone.
  const matching = [...new Set(candidates.map((one) => one.recordId))];
  const waiting = matching.length === 0 ? [] : await tx.ambiguousRows(installation.id, matching);
  const contested = new Set(waiting.filter((one) => !read.has(String(one.externalId))).map((one) => one.detail));
  const named = strangers.flatMap((one) => one.recordId ?? []);
  const links = await tx.linksOfRecords([...new Set([...candidates.map((one) => one.recordId), ...named])]);
  const here = new Map(
    links
      .filter((link) => link.installationId === installation.id && link.state === 'live')
      .map((link) => [link.recordId, link]),
  );
  const known = new Set(links.map((link) => link.recordId));
  const claims = Map.groupBy(
    strangers.flatMap((one) =>
      (keysOf.get(one.externalId) ?? []).flat().map((key) => ({ key, externalId: one.externalId })),
    ),
    (claim) => claim.key,
  );

  for (const stranger of strangers) {
    const mine = stranger.recordId;
    const pending = mine === null ? undefined : here.get(mine);
    if (
      mine !== null &&
      known.has(mine) &&
      (!pending || pending.externalId === null || pending.externalId === stranger.externalId)
    ) {
      found.set(stranger.externalId, { status: 'record', recordId: mine, pending });
      continue;
    }
    if (pending?.externalId != null) {
      found.set(stranger.externalId, { status: standing.has(pending.externalId) ? 'new' : 'later' });
      continue;
    }
    found.set(stranger.externalId, byRules(keysOf.get(stranger.externalId) ?? []));
  }
  return withoutRivals(strangers, found, restored);

  function byRules(rules: readonly (readonly string[])[]): Found {
    for (const keys of rules) {
      const matches = [...new Set(keys.flatMap((key) => byKey.get(key) ?? []).map((one) => one.recordId))];
      const rivals = Math.max(0, ...keys.map((key) => claims.get(key)?.length ?? 0));
      if (matches.length === 0 && rivals <= 1) continue;
      if (matches.length === 0) return { status: 'new' };
      const [only] = matches;
      const taken = only !== undefined && here.get(only)?.externalId != null;
      if (matches.length > 1 || rivals > 1 || taken || contested.has(only as string))
        return { status: 'ambiguous', recordIds: matches };
      return { status: 'record', recordId: only as string, pending: here.get(only as string) };
    }
    return { status: 'new' };
  }
}

/** By whichever rule each was found: of several strangers only one that carries the record's own id gets the record. */
function withoutRivals(
  strangers: readonly Stranger[],
  found: ReadonlyMap<string, Found>,
  restored: ReadonlySet<string>,
): Map<string, Found> {
  const claims = strangers.flatMap((stranger) => {
    const place = found.get(stranger.externalId);
    return place?.status === 'record' ? [{ recordId: place.recordId, stranger }] : [];
  });
  const placed = new Map(found);
  for (const [recordId, rivals] of Map.groupBy(claims, (claim) => claim.recordId)) {
    const owners = rivals.filter(({ stranger }) => stranger.recordId === recordId);
    const winners = owners.length > 0 ? owners : rivals;
    const winner = winners.length === 1 && !restored.has(recordId) ? winners[0] : undefined;
    for (const rival of rivals)
      if (rival !== winner) placed.set(rival.stranger.externalId, { status: 'ambiguous', recordIds: [recordId] });
  }
  return placed;
}
