import type { Installation, Kind, Link } from '../../protocol/nouns.ts';
import type { TenantTx } from '../../protocol/ports/store.ts';
import type { SyncDeps } from './deps.ts';
import { pollEvery_ms, readPosition } from './poll-position.ts';
import { pollCursor } from './poll-walk.ts';

/** A poll that was whole so long ago says nothing of now: two may have failed since. */
const lapse_ms = 2 * pollEvery_ms;

/**
 * The links whose rows must be read before they are written: somebody may have edited them unseen, and the edit would be
 * written over whatever the field's rule says. They are those that a hint waits of; and all of an object, as long as no poll
 * was whole since this process started, or for a while: until then nobody knows what happened meanwhile.
 * A row that we make, and one whose write is unsettled, is read anyway.
 */
export async function unseenLinks(
  deps: SyncDeps,
  tx: TenantTx,
  installation: Installation,
  target: { kind: Kind; object: string },
  links: readonly Link[],
): Promise<Link[]> {
  const rows = links.flatMap((link) => link.externalId ?? []);
  if (rows.length === 0) return [];
  const now_ms = deps.clock.now_ms();
  const isFresh =
    deps.mapper.mappings.kinds[target.kind].ours || (await isPolled(deps, tx, installation, target.object));
  const hinted = new Set(isFresh ? await tx.hintedRows(installation.id, target.object, rows, now_ms) : rows);
  const unseen = links.filter((link) => link.externalId !== null && hinted.has(link.externalId));
  if (unseen.length === 0) return [];
  const unsettled = new Set((await tx.openWrites(unseen.map((link) => link.id))).map((write) => write.linkId));
  return unseen.filter((link) => !unsettled.has(link.id));
}

async function isPolled(deps: SyncDeps, tx: TenantTx, { id }: Installation, object: string): Promise<boolean> {
  const { wholeAt_ms } = readPosition(await tx.cursor(id, pollCursor(object)));
  return wholeAt_ms >= deps.startedAt_ms && wholeAt_ms >= deps.clock.now_ms() - lapse_ms;
}
