import type { Purpose } from '../../protocol/purpose.ts';
import { kindOrder } from '../../protocol/nouns.ts';
import type { WorkAddress } from '../../protocol/ports/bell.ts';
import { hint } from './backfill.ts';
import type { SyncDeps } from './deps.ts';
import { objectFor } from './sides.ts';

const every_ms = 30_000;
/** Rows that were committed late, and an index that lags, are still inside this overlap. */
const overlap_ms = 120_000;
const purpose: Purpose = { lane: 'background', what: 'poll' };

/** The lane that catches what events missed: rows changed since the last look, with an overlap, keyed by (stamp, id). */
export async function pollOnce(deps: SyncDeps, { tenantId, installationId }: WorkAddress): Promise<number | undefined> {
  const installation = await deps.store.tenant(tenantId, async (tx) =>
    (await tx.installations()).find((one) => one.id === installationId),
  );
  if (!installation || installation.state === 'disconnected') return undefined;
  const api = await deps.crm.api(tenantId, installationId);
  for (const kind of kindOrder) {
    const object = objectFor(deps.mapper, kind, installation)?.object;
    if (object === undefined || deps.mapper.mappings.kinds[kind].ours) continue;
    const name = `poll:${object}`;
    const stored = await deps.store.tenant(tenantId, (tx) => tx.cursor(installationId, name));
    const startedAt_ms = deps.clock.now_ms();
    let since = { stamp_ms: Number(stored ?? startedAt_ms) - overlap_ms, id: '' };
    let newest_ms = Number(stored ?? startedAt_ms - overlap_ms);
    for (;;) {
      const page = await api.changedSince(object, since, purpose);
      const last = page.rows.at(-1);
      newest_ms = Math.max(newest_ms, last?.stamp_ms ?? 0);
      // The position moves with the rows it stands for, and only past rows that are stored.
      const cursor = { name, value: String(newest_ms) };
      await deps.store.receive([
        { tenantId, installationId, events: page.rows.map((row) => hint(installation, object, row, 'poll')), cursor },
      ]);
      if (!page.more || !last) break;
      since = { stamp_ms: last.stamp_ms, id: last.externalId };
    }
  }
  if (installation.brokenReason !== null)
    await deps.store.tenant(tenantId, (tx) => tx.saveInstallation({ ...installation, brokenReason: null }));
  await deps.bell.ring([{ tenantId, installationId, lane: 'observe' }]);
  return deps.clock.now_ms() + every_ms;
}
