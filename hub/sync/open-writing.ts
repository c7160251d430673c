import type { Installation, Link } from '../../protocol/nouns.ts';
import { kindOrder } from '../../protocol/nouns.ts';
import type { TenantTx } from '../../protocol/ports/store.ts';
import type { SyncDeps } from './deps.ts';
import { deriveWrite } from './derive-write.ts';
import { newLink } from './new-record.ts';
import { addFields } from './set-up.ts';
import { lacksOurId, objectFor, rulesFor } from './sides.ts';

const recordsPerPage = 500;

/**
 * Opens writing for a tenant when every connected account has been read whole, nothing waits in the inbox, and its plan is
 * confirmed. Records that a CRM lacks get a link to be created, other than those that an unlinked row there might be.
 */
export async function openWriting(deps: SyncDeps, tenantId: string): Promise<boolean> {
  const ready = await deps.store.tenant(tenantId, (tx) => readyToOpen(deps, tx));
  for (const installation of ready) await addFields(deps, installation);
  if (ready.length === 0) return false;
  const opened = await deps.store.tenant(tenantId, async (tx) => {
    // Each account's lane asks; they open one after the other, and nobody links new rows meanwhile.
    for (const kind of kindOrder) await tx.lockMatching(kind);
    const opening = await readyToOpen(deps, tx);
    for (const installation of opening) {
      await linkMissing(deps, tx, installation);
      await tx.saveInstallation({ ...installation, state: 'writing' });
      await tx.markDue(installation.id, 'deliver', deps.clock.now_ms());
      await tx.audit([
        { action: 'writing.open', actor: 'rapport', subject: installation.id, detail: { vendor: installation.vendor } },
      ]);
    }
    return opening;
  });
  await deps.bell.ring(opened.map((one) => ({ tenantId, installationId: one.id, lane: 'deliver' as const })));
  return opened.length > 0;
}

/** The accounts that may start writing now: none while any account of the tenant is unconfirmed or not read whole. */
async function readyToOpen(deps: SyncDeps, tx: TenantTx): Promise<Installation[]> {
  const installations = (await tx.installations()).filter((one) => one.state !== 'disconnected');
  if ((await tx.countWaitingInbox()) > 0) return [];
  for (const installation of installations) {
    if (!installation.confirmed || !(await isRead(deps, tx, installation))) return [];
  }
  return installations.filter((one) => one.state !== 'writing');
}

async function isRead(deps: SyncDeps, tx: TenantTx, installation: Installation): Promise<boolean> {
  for (const kind of kindOrder) {
    const object = objectFor(deps.mapper, kind, installation)?.object;
    if (object === undefined || deps.mapper.mappings.kinds[kind].ours) continue;
    if ((await tx.cursor(installation.id, `backfill:${object}`)) !== 'done') return false;
  }
  return true;
}

async function linkMissing(deps: SyncDeps, tx: TenantTx, installation: Installation): Promise<void> {
  const now_ms = deps.clock.now_ms();
  const held = new Set(await tx.ambiguousRecordIds(installation.id));
  for (const kind of kindOrder) {
    const target = objectFor(deps.mapper, kind, installation);
    if (!target || deps.mapper.mappings.kinds[kind].ours) continue;
    let after = '';
    for (;;) {
      const ids = await tx.recordsWithoutLink(installation.id, kind, after, recordsPerPage);
      const links = ids
        .filter((id) => !held.has(id))
        .map((id): Link => ({
          ...newLink(deps.ids.next(), id, installation.id, target.object, null),
          deliverAt_ms: now_ms,
        }));
      await tx.saveLinks(links);
      if (ids.length < recordsPerPage) break;
      after = ids.at(-1) as string;
    }
    await markDifferences(deps, tx, installation, kind);
  }
}

/** Linked records whose sides differ get their write. */
async function markDifferences(
  deps: SyncDeps,
  tx: TenantTx,
  installation: Installation,
  kind: (typeof kindOrder)[number],
): Promise<void> {
  const now_ms = deps.clock.now_ms();
  const rules = rulesFor(deps.mapper, kind, installation, 'out');
  let after = '';
  for (;;) {
    const page = await tx.linkedRecords(installation.id, kind, after, recordsPerPage);
    const changed = page.flatMap(({ record, link }) => {
      const written = deriveWrite({ rules, canonical: record.fields, base: link.base, refused: new Map() });
      const differs = Object.keys(written).length > 0 || lacksOurId(link);
      return link.externalId !== null
        ? [{ ...link, deliverAt_ms: differs ? now_ms : null, agreedAt_ms: differs ? link.agreedAt_ms : now_ms }]
        : [];
    });
    await tx.saveLinks(changed);
    if (page.length < recordsPerPage) return;
    after = page.at(-1)?.record.id as string;
  }
}
