import type { Installation, Kind } from '../../protocol/nouns.ts';
import type { TenantTx } from '../../protocol/ports/store.ts';
import type { SyncDeps } from './deps.ts';
import { newLink } from './new-record.ts';
import { objectFor } from './sides.ts';

/**
 * Gives records that the account has never had a link to be created there, other than those that an unlinked row there
 * might be. A record whose row there was deleted stays without. True when something is to be created.
 */
export async function linkMissing(
  deps: SyncDeps,
  tx: TenantTx,
  installation: Installation,
  kind: Kind,
  recordIds: readonly string[],
): Promise<boolean> {
  const target = objectFor(deps.mapper, kind, installation);
  if (!target || recordIds.length === 0) return false;
  const held = new Set(await tx.ambiguousRecordIds(installation.id));
  const links = await tx.linksOfRecords(recordIds);
  const linked = new Set(links.filter((link) => link.installationId === installation.id).map((link) => link.recordId));
  const missing = [...new Set(recordIds)].filter((id) => !held.has(id) && !linked.has(id));
  const deliverAt_ms = deps.clock.now_ms();
  await tx.saveLinks(
    missing.map((id) => ({ ...newLink(deps.ids.next(), id, installation.id, target.object, null), deliverAt_ms })),
  );
  return missing.length > 0;
}
