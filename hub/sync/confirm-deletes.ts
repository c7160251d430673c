import { Gone } from '../../protocol/errors.ts';
import type { Parked } from '../../protocol/nouns.ts';
import type { TenantTx } from '../../protocol/ports/store.ts';
import type { SyncDeps } from './deps.ts';
import { confirmedGone } from './look-again.ts';
import { goneCursor, readGone } from './mass-delete.ts';
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
 * A person says that the rows that wait are rightly gone: each is read once more, and what is gone then is. Those that went after
 * the person spoke wait on. Cut off, it is confirmed again for those that are left. Answers how many; throws Gone where
 * nothing waits, or there is no such account.
 */
export async function confirmDeletes(
  deps: Pick<SyncDeps, 'store' | 'bell' | 'clock' | 'mapper'>,
  tenantId: string,
  { installationId, object }: { installationId: string; object: string },
  actor: string,
): Promise<number> {
  await deps.store.tenant(tenantId, async (tx) => {
    if (!(await tx.installations()).some((one) => one.id === installationId))
      throw new Gone(
        `Tenant ${tenantId} has no account ${installationId}.`,
        undefined,
        'Name the tenant and the installation as `rapport status --json` does.',
      );
    if (!(await pausedDeletes(deps, tx, installationId)).some((one) => one.object === object))
      throw new Gone(
        `No deletions of ${object} wait for a person at ${installationId}.`,
        undefined,
        '`rapport status` names those that do.',
      );
  });
  const said = { installationId, object, actor, at_ms: deps.clock.now_ms() };
  let count = 0;
  let left = 0;
  for (let after: string | undefined = ''; after !== undefined;) {
    const page: Page = { after, left };
    const done = await deps.store.tenant(tenantId, (tx) => confirmPage(deps, tx, said, page));
    count += done.count;
    ({ after, left } = done);
  }
  await deps.bell.ring([{ tenantId, installationId, lane: 'observe' }]);
  return count;
}

interface Page {
  /** Where it begins. */
  after: string;
  /** How many before it wait on. */
  left: number;
}

async function confirmPage(
  deps: Pick<SyncDeps, 'clock' | 'mapper'>,
  tx: TenantTx,
  said: { installationId: string; object: string; actor: string; at_ms: number },
  { after, left }: Page,
): Promise<{ count: number; left: number; after: string | undefined }> {
  const { installationId, object, actor } = said;
  const installation = (await tx.installations()).find((one) => one.id === installationId);
  const kind = installation && deps.mapper.kindOf(installation.vendor, object)?.kind;
  if (kind) await tx.lockMatching(kind);
  const page = await tx.parkedEntries(after, entriesPerPage);
  const waits = ({ cause, ...entry }: Parked): boolean =>
    cause === 'mass_delete' && entry.installationId === installationId && entry.object === object;
  const waiting = page.filter(waits);
  const entries = waiting.filter((entry) => entry.at_ms <= said.at_ms);
  const now_ms = deps.clock.now_ms();
  await tx.unpark(entries.map((entry) => entry.id));
  const hints = entries.flatMap(({ id, externalId }) =>
    externalId === null ? [] : [confirmedGone(`confirmed-${id}-${now_ms}`, { object, externalId }, now_ms)],
  );
  await tx.addInbox(installationId, hints);
  await tx.markDue(installationId, 'observe', now_ms);
  if (entries.length > 0)
    await tx.audit([
      { action: 'deletes.confirm', actor, subject: installationId, detail: { object, rows: entries.length } },
    ]);
  const stillWaiting = left + waiting.length - entries.length;
  const isLast = page.length < entriesPerPage;
  // Only with the last page: what a crash leaves over can be confirmed again.
  if (isLast && stillWaiting === 0)
    await tx.saveCursor(installationId, goneCursor(object), JSON.stringify(readGone(undefined)));
  return { count: entries.length, left: stillWaiting, after: isLast ? undefined : page.at(-1)?.id };
}
