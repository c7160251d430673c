import { Gone } from '../../protocol/errors.ts';
import type { Parked } from '../../protocol/nouns.ts';
import type { TenantTx } from '../../protocol/ports/store.ts';
import type { SyncDeps } from './deps.ts';
import { lookAgain } from './look-again.ts';
import { withKeys } from './record-keys.ts';

type RetryDeps = Pick<SyncDeps, 'store' | 'bell' | 'clock' | 'mapper'>;

/**
 * Tries again what is parked: the row is read anew and what waits for it is written. Whatever holds it still parks it
 * again. Throws Gone when there is no such entry.
 */
export async function retryParked(deps: RetryDeps, tenantId: string, entryId: string, actor: string): Promise<Parked> {
  const entry = await deps.store.tenant(tenantId, async (tx) => {
    const found = await tx.parkedEntry(entryId);
    if (!found) throw new Gone('Nothing is parked under this name any more.', undefined, 'List what is parked again.');
    const now_ms = deps.clock.now_ms();
    await tx.unpark([found.id]);
    await writeAgain(deps, tx, found, now_ms);
    if (found.externalId !== null) {
      await tx.addInbox(found.installationId, [
        lookAgain(`retry-${found.id}-${now_ms}`, { object: found.object, externalId: found.externalId }, now_ms),
      ]);
      await tx.markDue(found.installationId, 'observe', now_ms);
    }
    const detail = { cause: found.cause, installation: found.installationId };
    await tx.audit([{ action: 'parked.retry', actor, subject: found.recordId ?? found.id, detail }]);
    return found;
  });
  const { installationId } = entry;
  await deps.bell.ring((['observe', 'deliver'] as const).map((lane) => ({ tenantId, installationId, lane })));
  return entry;
}

/** The link is due at once, and what two automations fought over may be written once more. */
async function writeAgain(
  deps: RetryDeps,
  tx: TenantTx,
  { recordId, installationId, field, cause }: Parked,
  now_ms: number,
): Promise<void> {
  const [record] = recordId === null ? [] : await tx.lockRecords([recordId]);
  if (!record) return;
  const stamp = field === null ? undefined : record.stamps[field];
  if (cause === 'fighting' && field !== null && stamp) {
    const stamps = { ...record.stamps, [field]: { at_ms: stamp.at_ms, side: stamp.side } };
    await tx.saveRecords([withKeys(deps.mapper, { ...record, stamps })]);
  }
  const links = (await tx.linksOfRecords([record.id])).filter(
    (link) => link.installationId === installationId && link.state === 'live',
  );
  if (links.length === 0) return;
  await tx.saveLinks(links.map((link) => ({ ...link, attempts: 0, deliverAt_ms: now_ms })));
  await tx.markDue(installationId, 'deliver', now_ms);
}
