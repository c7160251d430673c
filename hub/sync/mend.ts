import type { Installation } from '../../protocol/nouns.ts';
import type { TenantTx } from '../../protocol/ports/store.ts';
import type { SyncDeps } from './deps.ts';

const entriesPerPage = 200;
/** Under this name stands that an admin connected the account again, until that was acted on. */
const reconnected = 'reconnected';

/**
 * An account answers. Where it was cut off before, or was connected again, what its grant did not cover is tried again; it
 * waits anew where it still does not.
 */
export async function mend(deps: SyncDeps, { tenantId, id, brokenReason }: Installation): Promise<void> {
  const mark = await deps.store.tenant(tenantId, async (tx) => {
    // Read anew: it may have changed while it was asked.
    const current = brokenReason === null ? undefined : (await tx.installations()).find((one) => one.id === id);
    if (current) await tx.saveInstallation({ ...current, brokenReason: null });
    return tx.cursor(id, reconnected);
  });
  if (brokenReason === null && mark === undefined) return;
  let after: string | undefined = '';
  while (after !== undefined) {
    const from: string = after;
    after = await deps.store.tenant(tenantId, (tx) => releasePage(deps, tx, id, from));
  }
  if (mark !== undefined) await deps.store.tenant(tenantId, (tx) => tx.dropCursor(id, reconnected, mark));
  await deps.bell.ring([{ tenantId, installationId: id, lane: 'deliver' }]);
}

/** Lets go what was not granted among one page of entries: their rows are due. Answers where the next page begins. */
async function releasePage(
  deps: SyncDeps,
  tx: TenantTx,
  installationId: string,
  after: string,
): Promise<string | undefined> {
  const page = await tx.parkedEntries(after, entriesPerPage);
  const held = page.filter((entry) => entry.cause === 'not_granted' && entry.installationId === installationId);
  if (held.length > 0) {
    const deliverAt_ms = deps.clock.now_ms();
    const records = await tx.lockRecords([...new Set(held.flatMap((entry) => entry.recordId ?? []))]);
    const links = await tx.linksOfRecords(records.map((record) => record.id));
    const here = links.filter((link) => link.installationId === installationId && link.state === 'live');
    await tx.saveLinks(here.map((link) => ({ ...link, attempts: 0, deliverAt_ms })));
    await tx.unpark(held.map((entry) => entry.id));
    await tx.markDue(installationId, 'deliver', deliverAt_ms);
  }
  return page.length < entriesPerPage ? undefined : page.at(-1)?.id;
}
