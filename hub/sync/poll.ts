import type { CrmApi } from '../../protocol/crm-connector.ts';
import type { Purpose } from '../../protocol/purpose.ts';
import { kindOrder, type Installation } from '../../protocol/nouns.ts';
import type { WorkAddress } from '../../protocol/ports/bell.ts';
import { hint } from './backfill.ts';
import type { SyncDeps } from './deps.ts';
import { positionAfter, readPosition, startOf, writePosition } from './poll-position.ts';
import { objectFor } from './sides.ts';

const every_ms = 30_000;
const purpose: Purpose = { lane: 'background', what: 'poll' };

/**
 * The lane that catches what events missed: rows changed since the last look, with an overlap, keyed by (stamp, id), and
 * what a gap in the events hid. An object is polled once its first load is in: that walk goes over all of its rows.
 */
export async function pollOnce(deps: SyncDeps, { tenantId, installationId }: WorkAddress): Promise<number | undefined> {
  const installation = await deps.store.tenant(tenantId, async (tx) =>
    (await tx.installations()).find((one) => one.id === installationId),
  );
  if (!installation || installation.state === 'disconnected') return undefined;
  const api = await deps.crm.api(tenantId, installationId);
  for (const kind of kindOrder) {
    const object = objectFor(deps.mapper, kind, installation)?.object;
    if (object !== undefined && !deps.mapper.mappings.kinds[kind].ours) await walk(deps, api, installation, object);
  }
  if (installation.brokenReason !== null) await mend(deps, installation);
  await deps.bell.ring([{ tenantId, installationId, lane: 'observe' }]);
  return deps.clock.now_ms() + every_ms;
}

/** Stores a hint of every row changed since the position, and moves it. */
async function walk(deps: SyncDeps, api: CrmApi, installation: Installation, object: string): Promise<void> {
  const { tenantId, id: installationId } = installation;
  const name = `poll:${object}`;
  const gapName = `gap:${object}`;
  const stored = await deps.store.tenant(tenantId, async (tx) => ({
    loaded: (await tx.cursor(installationId, `backfill:${object}`)) === 'done',
    position: readPosition(await tx.cursor(installationId, name)),
    gap: await tx.cursor(installationId, gapName),
  }));
  if (!stored.loaded) return;
  const startedAt_ms = deps.clock.now_ms();
  let since = startOf(stored.position);
  // Closing a gap goes further back, and never moves the position ahead of what the poll itself saw.
  if (stored.gap !== undefined && Number(stored.gap) <= since.stamp_ms)
    since = { stamp_ms: Number(stored.gap), id: '' };
  const before = stored.position;
  let newest = { stamp_ms: before.stamp_ms, id: before.id };
  for (;;) {
    const page = await api.changedSince(object, since, purpose);
    const last = page.rows.at(-1);
    const more = page.more && last !== undefined;
    if (last && last.stamp_ms >= newest.stamp_ms) newest = { stamp_ms: last.stamp_ms, id: last.externalId };
    const position = positionAfter(before, newest, { startedAt_ms, isWhole: !more });
    // The position moves with the rows it stands for, and only past rows that are stored.
    const cursor = { name, value: writePosition(position) };
    await deps.store.receive([
      { tenantId, installationId, events: page.rows.map((row) => hint(installation, object, row, 'poll')), cursor },
    ]);
    if (!more) break;
    since = { stamp_ms: last.stamp_ms, id: last.externalId };
  }
  const { gap } = stored;
  if (gap !== undefined) await deps.store.tenant(tenantId, (tx) => tx.dropCursor(installationId, gapName, gap));
}

/** The account answers again. Its row is read anew: it may have changed while the poll went. */
async function mend(deps: SyncDeps, { tenantId, id }: Installation): Promise<void> {
  await deps.store.tenant(tenantId, async (tx) => {
    const current = (await tx.installations()).find((one) => one.id === id);
    if (current) await tx.saveInstallation({ ...current, brokenReason: null });
  });
}
