import { kindOrder, type Installation, type Kind } from '../../protocol/nouns.ts';
import type { TenantTx } from '../../protocol/ports/store.ts';
import type { Lane } from '../../protocol/vendor-event.ts';
import type { SyncDeps } from './deps.ts';
import { finishOpening, prepareOpening } from './prepare-opening.ts';
import { closedState, endLate, keepLate, objectsOf } from './reach.ts';

/** What must have been looked at before: rows of the first load, and those that waited for their parents among them. */
const firstLoad: readonly Lane[] = ['backfill', 'replay'];
/** One call prepares so long at most, so that it ends within its lease. */
const slice_ms = 2_000;

/**
 * Opens writing for a tenant when every connected account has been read whole, nothing of that waits in the inbox, and its
 * plan is confirmed. What happens meanwhile is not waited for: a tenant that is never quiet opens, too. Records that a CRM lacks get a link to be created, other than those that an unlinked row there might be.
 * The bulk goes in pages, slice after slice (`more`), before the accounts open together in a last transaction. `waits`: not
 * everything is in yet.
 * An object that is out of reach is waited for by nobody: the account writes without it, and opens it when it was read, too.
 */
export async function openWriting(deps: SyncDeps, tenantId: string): Promise<'opened' | 'more' | 'waits'> {
  const ready = await deps.store.tenant(tenantId, (tx) => readyToOpen(deps, tx));
  if (ready.length === 0) return 'waits';
  const end_ms = deps.clock.now_ms() + slice_ms;
  for (const { installation, objects } of ready)
    if (!(await prepareOpening(deps, installation, kindsOf(objects), end_ms))) return 'more';
  const opened = await deps.store.tenant(tenantId, async (tx) => {
    // Each account's lane asks; they open one after the other, and nobody links new rows meanwhile.
    for (const kind of kindOrder) await tx.lockMatching(kind);
    const opening = await readyToOpen(deps, tx);
    for (const one of opening) await open(deps, tx, one);
    return opening;
  });
  await deps.bell.ring(
    opened.map((one) => ({ tenantId, installationId: one.installation.id, lane: 'deliver' as const })),
  );
  return opened.length > 0 ? 'opened' : 'waits';
}

/** What may be written from now on: all that an account has, or of one that writes what was out of reach before. */
interface Opening {
  installation: Installation;
  objects: { kind: Kind; object: string }[];
}

const kindsOf = (objects: Opening['objects']): Kind[] => objects.map(({ kind }) => kind);

async function open(deps: SyncDeps, tx: TenantTx, { installation, objects }: Opening): Promise<void> {
  const { id, vendor } = installation;
  await finishOpening(deps, tx, installation, kindsOf(objects));
  const opened = new Set(objects.map(({ object }) => object));
  for (const { object, ours } of objectsOf(deps, installation)) {
    if (ours) continue;
    if (opened.has(object)) await endLate(tx, id, object);
    else if (installation.state !== 'writing') await keepLate(tx, id, object);
  }
  await tx.updateInstallation(id, { state: 'writing' });
  await tx.markDue(id, 'deliver', deps.clock.now_ms());
  const detail = { vendor, objects: [...opened] };
  await tx.audit([{ action: 'writing.open', actor: 'rapport', subject: id, detail }]);
}

/** What may be opened now: nothing while any account of the tenant is unconfirmed or not read whole. */
async function readyToOpen(deps: SyncDeps, tx: TenantTx): Promise<Opening[]> {
  const found: Opening[] = [];
  for (const installation of await tx.installations()) {
    if (installation.state === 'disconnected') continue;
    if (!installation.confirmed || (await tx.countWaitingHints(installation.id, firstLoad)) > 0) return [];
    const objects: Opening['objects'] = [];
    for (const { kind, object, ours } of objectsOf(deps, installation)) {
      if (ours) continue;
      const closed = await closedState(tx, installation.id, object);
      if (closed && closed.entry !== null) continue;
      if ((await tx.cursor(installation.id, `backfill:${object}`)) !== 'done') return [];
      if (installation.state !== 'writing' || closed?.late) objects.push({ kind, object });
    }
    if (installation.state !== 'writing' || objects.length > 0) found.push({ installation, objects });
  }
  return found;
}
