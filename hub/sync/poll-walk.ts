import type { CrmApi } from '../../protocol/crm-connector.ts';
import type { Installation } from '../../protocol/nouns.ts';
import type { Purpose } from '../../protocol/purpose.ts';
import { hint } from './hint.ts';
import type { SyncDeps } from './deps.ts';
import { afterPage, afterWalk, beginWalk, readPosition, writePosition, type PollPosition } from './poll-position.ts';

const purpose: Purpose = { lane: 'background', what: 'poll' };

export const pollCursor = (object: string): string => `poll:${object}`;
const gapCursor = (object: string): string => `gap:${object}`;

/** One page of an object's walk, a new one where none is under way. Stores a hint of each row. The walk is whole when none is left. */
export async function walkPage(
  deps: SyncDeps,
  api: CrmApi,
  installation: Installation,
  object: string,
): Promise<PollPosition> {
  const { tenantId, id: installationId } = installation;
  const { before, gap } = await deps.store.tenant(tenantId, async (tx) => ({
    before: readPosition(await tx.cursor(installationId, pollCursor(object))),
    gap: await tx.cursor(installationId, gapCursor(object)),
  }));
  const walk = before.walk ?? beginWalk(before, gap ?? null, deps.clock.now_ms());
  const { rows, more } = await api.changedSince(object, walk.since, purpose);
  const last = rows.at(-1);
  const now_ms = deps.clock.now_ms();
  const walked = afterPage(walk, last && { stamp_ms: last.stamp_ms, id: last.externalId }, now_ms);
  const answering = { ...before, turnAt_ms: now_ms, failures: 0, retryAt_ms: 0 };
  const after = more && last ? { ...answering, walk: walked } : afterWalk(answering, walked, now_ms);
  // The position moves with the rows it stands for, and only past rows that are stored.
  const cursor = { name: pollCursor(object), value: writePosition(after) };
  const events = rows.map((row) => hint(installation, object, row, 'poll'));
  await deps.store.receive([{ tenantId, installationId, events, cursor }]);
  // A gap that grew meanwhile stays, for a walk of its own.
  const closed = after.walk === null ? walk.gap : null;
  if (closed !== null)
    await deps.store.tenant(tenantId, (tx) => tx.dropCursor(installationId, gapCursor(object), closed));
  return after;
}
