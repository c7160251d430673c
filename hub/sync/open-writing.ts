import type { Installation, Kind } from '../../protocol/nouns.ts';
import { kindOrder } from '../../protocol/nouns.ts';
import type { TenantTx } from '../../protocol/ports/store.ts';
import type { Lane } from '../../protocol/vendor-event.ts';
import type { SyncDeps } from './deps.ts';
import { finishOpening, prepareOpening } from './prepare-opening.ts';
import { objectFor } from './sides.ts';

/** What must have been looked at before: rows of the first load, and those that waited for their parents among them. */
const firstLoad: readonly Lane[] = ['backfill', 'sweep'];
/** One call prepares so long at most, so that it ends within its lease. */
const slice_ms = 2_000;

/**
 * Opens writing for a tenant when every connected account has been read whole, nothing of that waits in the inbox, and its
 * plan is confirmed. What happens meanwhile is not waited for: a tenant that is never quiet opens, too. Records that a CRM lacks get a link to be created, other than those that an unlinked row there might be.
 * The bulk goes in pages, slice after slice (`more`), before the accounts open together in a last transaction. `waits`: not
 * everything is in yet.
 */
export async function openWriting(deps: SyncDeps, tenantId: string): Promise<'opened' | 'more' | 'waits'> {
  const ready = await deps.store.tenant(tenantId, (tx) => readyToOpen(deps, tx));
  if (ready.length === 0) return 'waits';
  const end_ms = deps.clock.now_ms() + slice_ms;
  for (const installation of ready)
    if (!(await prepareOpening(deps, installation, mirroredKinds(deps), end_ms))) return 'more';
  const opened = await deps.store.tenant(tenantId, async (tx) => {
    // Each account's lane asks; they open one after the other, and nobody links new rows meanwhile.
    for (const kind of kindOrder) await tx.lockMatching(kind);
    const opening = await readyToOpen(deps, tx);
    for (const installation of opening) {
      await finishOpening(deps, tx, installation, mirroredKinds(deps));
      await tx.saveInstallation({ ...installation, state: 'writing' });
      await tx.markDue(installation.id, 'deliver', deps.clock.now_ms());
      const detail = { vendor: installation.vendor };
      await tx.audit([{ action: 'writing.open', actor: 'rapport', subject: installation.id, detail }]);
    }
    return opening;
  });
  await deps.bell.ring(opened.map((one) => ({ tenantId, installationId: one.id, lane: 'deliver' as const })));
  return opened.length > 0 ? 'opened' : 'waits';
}

function mirroredKinds(deps: SyncDeps): Kind[] {
  return kindOrder.filter((kind) => !deps.mapper.mappings.kinds[kind].ours);
}

/** The accounts that may start writing now: none while any account of the tenant is unconfirmed or not read whole. */
async function readyToOpen(deps: SyncDeps, tx: TenantTx): Promise<Installation[]> {
  const installations = (await tx.installations()).filter((one) => one.state !== 'disconnected');
  for (const installation of installations) {
    if (!installation.confirmed || !(await isRead(deps, tx, installation))) return [];
    if ((await tx.countWaitingHints(installation.id, firstLoad)) > 0) return [];
  }
  return installations.filter((one) => one.state !== 'writing');
}

async function isRead(deps: SyncDeps, tx: TenantTx, installation: Installation): Promise<boolean> {
  for (const kind of mirroredKinds(deps)) {
    const object = objectFor(deps.mapper, kind, installation)?.object;
    if (object !== undefined && (await tx.cursor(installation.id, `backfill:${object}`)) !== 'done') return false;
  }
  return true;
}
