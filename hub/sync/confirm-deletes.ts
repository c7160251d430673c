import { Gone } from '../../protocol/errors.ts';
import type { Parked } from '../../protocol/nouns.ts';
import type { TenantTx } from '../../protocol/ports/store.ts';
import type { SyncDeps } from './deps.ts';
import { lookAgain } from './look-again.ts';
import { approval_ms, goneCursor, readGone } from './mass-delete.ts';
import { objectsOf } from './reach.ts';

const entriesPerPage = 500;

export interface PausedDeletes {
  object: string;
  since_ms: number;
}

/** The objects of an account of which too many rows went, and wait for a person. */
export async function pausedDeletes(
  deps: Pick<SyncDeps, 'mapper'>,
  tx: TenantTx,
  installationId: string,
): Promise<PausedDeletes[]> {
  const installation = (await tx.installations()).find((one) => one.id === installationId);
  const paused: PausedDeletes[] = [];
  for (const { object } of installation ? objectsOf(deps, installation) : []) {
    const { pausedAt_ms } = readGone(await tx.cursor(installationId, goneCursor(object)));
    if (pausedAt_ms !== null) paused.push({ object, since_ms: pausedAt_ms });
  }
  return paused;
}

/**
 * A person says that the rows that wait are rightly gone: each is read once more, and what is gone then is. Others that go
 * are counted anew. Answers how many; throws Gone where nothing waits.
 */
export async function confirmDeletes(
  deps: Pick<SyncDeps, 'store' | 'bell' | 'clock' | 'mapper'>,
  tenantId: string,
  { installationId, object }: { installationId: string; object: string },
  actor: string,
): Promise<number> {
  const isPaused = await deps.store.tenant(tenantId, async (tx) =>
    (await pausedDeletes(deps, tx, installationId)).some((one) => one.object === object),
  );
  if (!isPaused) throw new Gone('No deletions of this object wait.', undefined, 'Look at `rapport status` again.');
  let count = 0;
  for (let after: string | undefined = ''; after !== undefined;) {
    const from: string = after;
    const page = await deps.store.tenant(tenantId, (tx) => confirmPage(deps, tx, { installationId, object }, from));
    count += page.count;
    after = page.after;
  }
  await deps.store.tenant(tenantId, async (tx) => {
    const detail = { object, rows: count };
    await tx.audit([{ action: 'deletes.confirm', actor, subject: installationId, detail }]);
  });
  await deps.bell.ring([{ tenantId, installationId, lane: 'observe' }]);
  return count;
}

async function confirmPage(
  deps: Pick<SyncDeps, 'clock' | 'mapper'>,
  tx: TenantTx,
  { installationId, object }: { installationId: string; object: string },
  after: string,
): Promise<{ count: number; after: string | undefined }> {
  const installation = (await tx.installations()).find((one) => one.id === installationId);
  const kind = installation && deps.mapper.kindOf(installation.vendor, object)?.kind;
  if (kind) await tx.lockMatching(kind);
  const page = await tx.parkedEntries(after, entriesPerPage);
  const waits = ({ cause, ...entry }: Parked): boolean =>
    cause === 'mass_delete' && entry.installationId === installationId && entry.object === object;
  const entries = page.filter(waits);
  const now_ms = deps.clock.now_ms();
  const before = readGone(await tx.cursor(installationId, goneCursor(object)));
  const approved = (after === '' ? 0 : before.approved) + entries.length;
  const gone = { since_ms: now_ms, count: 0, approved, approvedUntil_ms: now_ms + approval_ms, pausedAt_ms: null };
  await tx.saveCursor(installationId, goneCursor(object), JSON.stringify(gone));
  await tx.unpark(entries.map((entry) => entry.id));
  const hints = entries.flatMap(({ id, externalId }) =>
    externalId === null
      ? []
      : [{ ...lookAgain(`confirmed-${id}-${now_ms}`, { object, externalId }, now_ms), change: 'deleted' as const }],
  );
  await tx.addInbox(installationId, hints);
  await tx.markDue(installationId, 'observe', now_ms);
  return { count: entries.length, after: page.length < entriesPerPage ? undefined : page.at(-1)?.id };
}
