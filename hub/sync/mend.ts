import type { Installation } from '../../protocol/nouns.ts';
import type { SyncDeps } from './deps.ts';

/** An account that was cut off answers again. Its row is read anew: it may have changed while it was asked. */
export async function mend(deps: SyncDeps, { tenantId, id, brokenReason }: Installation): Promise<void> {
  if (brokenReason === null) return;
  await deps.store.tenant(tenantId, async (tx) => {
    const current = (await tx.installations()).find((one) => one.id === id);
    if (current) await tx.saveInstallation({ ...current, brokenReason: null });
  });
}
