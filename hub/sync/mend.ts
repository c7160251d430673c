import type { Installation, Parked } from '../../protocol/nouns.ts';
import type { TenantTx } from '../../protocol/ports/store.ts';
import { sideFieldName } from '../../protocol/side-field-name.ts';
import type { SyncDeps } from './deps.ts';
import { lookAgain } from './look-again.ts';

const entriesPerPage = 200;
/** Nobody tells when a permission is given: so often the fields that wait for one are looked up. */
const lookUpEvery_ms = 600_000;
/** Under this name stands that an admin connected the account again, until that was acted on. */
const reconnected = 'reconnected';
/** Under this name stands when waiting fields were looked up last. */
const lookedUp = 'fields-looked-up';

/**
 * An account answers. Where it was cut off before, or was connected again, what its grant did not cover is tried again; and
 * now and then what waits for fields that it shows, or lets be written, by now. It waits anew where it still does not.
 */
export async function mend(deps: SyncDeps, installation: Installation): Promise<void> {
  const { tenantId, id, brokenReason } = installation;
  const now_ms = deps.clock.now_ms();
  const { mark, isTime } = await deps.store.tenant(tenantId, async (tx) => {
    if (brokenReason !== null) await tx.updateInstallation(id, { brokenReason: null });
    const last_ms = Number((await tx.cursor(id, lookedUp)) ?? 0);
    return { mark: await tx.cursor(id, reconnected), isTime: now_ms - last_ms >= lookUpEvery_ms };
  });
  const isBack = brokenReason !== null || mark !== undefined;
  if (!isBack && !isTime) return;
  let after: string | undefined = '';
  while (after !== undefined) {
    const from: string = after;
    const page = await deps.store.tenant(tenantId, (tx) => tx.parkedEntries(from, entriesPerPage));
    const mine = page.filter((entry) => entry.installationId === id);
    const released: Parked[] = [];
    for (const entry of mine)
      if ((isBack && entry.cause === 'not_granted') || (await isOpenAgain(deps, installation, entry)))
        released.push(entry);
    if (released.length > 0) await deps.store.tenant(tenantId, (tx) => release(deps, tx, id, released));
    after = page.length < entriesPerPage ? undefined : page.at(-1)?.id;
  }
  await deps.store.tenant(tenantId, async (tx) => {
    if (mark !== undefined) await tx.dropCursor(id, reconnected, mark);
    await tx.saveCursor(id, lookedUp, String(now_ms));
  });
  await deps.bell.ring((['observe', 'deliver'] as const).map((lane) => ({ tenantId, installationId: id, lane })));
}

/** The field that the entry waits for is there by the vendor's own description. */
async function isOpenAgain(deps: SyncDeps, { tenantId, id, vendor }: Installation, entry: Parked): Promise<boolean> {
  if (entry.field === null || (entry.cause !== 'unreadable' && entry.cause !== 'not_writable')) return false;
  const field = deps.mapper.kindOf(vendor, entry.object)?.fields.find(({ name }) => name === entry.field);
  const name = field && sideFieldName(field.sides[vendor], entry.object);
  const described = (await deps.crm.describe(tenantId, id, entry.object))?.fields[name ?? ''];
  return described !== undefined && (entry.cause === 'unreadable' || described.writable);
}

/** What waited is due again: the rows are read anew where they could not be read, and written where they could not be written. */
async function release(
  deps: SyncDeps,
  tx: TenantTx,
  installationId: string,
  entries: readonly Parked[],
): Promise<void> {
  const now_ms = deps.clock.now_ms();
  const hidden = entries.filter((entry) => entry.cause === 'unreadable');
  const hints = hidden.flatMap(({ id, object, externalId }) =>
    externalId === null ? [] : [lookAgain(`shown-${id}-${now_ms}`, { object, externalId }, now_ms)],
  );
  await tx.addInbox(installationId, hints);
  if (hints.length > 0) await tx.markDue(installationId, 'observe', now_ms);
  const held = entries.filter((entry) => entry.cause !== 'unreadable');
  if (held.length === 0) return;
  const records = await tx.lockRecords([...new Set(held.flatMap((entry) => entry.recordId ?? []))]);
  const links = await tx.linksOfRecords(records.map((record) => record.id));
  const here = links.filter((link) => link.installationId === installationId && link.state === 'live');
  await tx.saveLinks(here.map((link) => ({ ...link, attempts: 0, deliverAt_ms: now_ms })));
  await tx.unpark(held.map((entry) => entry.id));
  await tx.markDue(installationId, 'deliver', now_ms);
}
