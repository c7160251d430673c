import type { Installation, Kind, Link, StoredRecord } from '../../protocol/nouns.ts';
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
 * The bulk goes in pages, each a transaction, before the accounts open together in a last one.
 */
export async function openWriting(deps: SyncDeps, tenantId: string): Promise<boolean> {
  const ready = await deps.store.tenant(tenantId, (tx) => readyToOpen(deps, tx));
  if (ready.length === 0) return false;
  for (const installation of ready) {
    await addFields(deps, installation);
    for (const kind of mirroredKinds(deps)) await preparePages(deps, installation, kind);
  }
  const opened = await deps.store.tenant(tenantId, async (tx) => {
    // Each account's lane asks; they open one after the other, and nobody links new rows meanwhile.
    for (const kind of kindOrder) await tx.lockMatching(kind);
    const opening = await readyToOpen(deps, tx);
    for (const installation of opening) {
      for (const kind of mirroredKinds(deps)) while (await linkPage(deps, tx, installation, kind));
      await tx.saveInstallation({ ...installation, state: 'writing' });
      await tx.markDue(installation.id, 'deliver', deps.clock.now_ms());
      const detail = { vendor: installation.vendor };
      await tx.audit([{ action: 'writing.open', actor: 'rapport', subject: installation.id, detail }]);
    }
    return opening;
  });
  await deps.bell.ring(opened.map((one) => ({ tenantId, installationId: one.id, lane: 'deliver' as const })));
  return opened.length > 0;
}

function mirroredKinds(deps: SyncDeps): Kind[] {
  return kindOrder.filter((kind) => !deps.mapper.mappings.kinds[kind].ours);
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
  for (const kind of mirroredKinds(deps)) {
    const object = objectFor(deps.mapper, kind, installation)?.object;
    if (object !== undefined && (await tx.cursor(installation.id, `backfill:${object}`)) !== 'done') return false;
  }
  return true;
}

async function preparePages(deps: SyncDeps, installation: Installation, kind: Kind): Promise<void> {
  const { tenantId } = installation;
  while (await deps.store.tenant(tenantId, (tx) => linkPage(deps, tx, installation, kind)));
  let after: string | undefined = '';
  while (after !== undefined) {
    const from: string = after;
    after = await deps.store.tenant(tenantId, (tx) => markPage(deps, tx, installation, kind, from));
  }
}

/** Links to be created for one page of records that the account lacks. True while a full page was found. */
async function linkPage(deps: SyncDeps, tx: TenantTx, installation: Installation, kind: Kind): Promise<boolean> {
  const target = objectFor(deps.mapper, kind, installation);
  if (!target) return false;
  // The lanes of a tenant's accounts may come here at once: nobody makes a second link.
  await tx.lockMatching(kind);
  const now_ms = deps.clock.now_ms();
  const held = new Set(await tx.ambiguousRecordIds(installation.id));
  let after = '';
  for (;;) {
    const ids = await tx.recordsWithoutLink(installation.id, kind, after, recordsPerPage);
    const missing = ids.filter((id) => !held.has(id));
    const links = missing.map((id): Link => {
      return { ...newLink(deps.ids.next(), id, installation.id, target.object, null), deliverAt_ms: now_ms };
    });
    await tx.saveLinks(links);
    if (ids.length < recordsPerPage) return false;
    if (links.length > 0) return true;
    // A whole page of held records: look behind it.
    after = ids.at(-1) as string;
  }
}

/** Marks the writes of one page of linked records whose sides differ. Answers where the next page begins. */
async function markPage(
  deps: SyncDeps,
  tx: TenantTx,
  installation: Installation,
  kind: Kind,
  after: string,
): Promise<string | undefined> {
  const now_ms = deps.clock.now_ms();
  const rules = rulesFor(deps.mapper, kind, installation, 'out');
  const page = await tx.linkedRecords(installation.id, kind, after, recordsPerPage);
  // Read again under the lock: an edit on the other side may have marked the link meanwhile.
  const records = new Map((await tx.lockRecords(page.map(({ record }) => record.id))).map((one) => [one.id, one]));
  const links = (await tx.linksOfRecords([...records.keys()])).filter(
    (link) => link.installationId === installation.id && link.state === 'live' && link.externalId !== null,
  );
  const marked = links.map((link): Link => {
    const record = records.get(link.recordId) as StoredRecord;
    const written = deriveWrite({ rules, canonical: record.fields, base: link.base, refused: new Map() });
    const differs = Object.keys(written).length > 0 || lacksOurId(link);
    return differs ? { ...link, deliverAt_ms: now_ms } : { ...link, deliverAt_ms: null, agreedAt_ms: now_ms };
  });
  await tx.saveLinks(marked);
  return page.length < recordsPerPage ? undefined : page.at(-1)?.record.id;
}
