import { backOff_ms } from '../../protocol/back-off.ts';
import { Reconnect, RetryLater } from '../../protocol/errors.ts';
import { faultForLog } from '../../protocol/fault-for-log.ts';
import type { Installation } from '../../protocol/nouns.ts';
import type { WorkAddress } from '../../protocol/ports/bell.ts';
import type { SyncDeps } from './deps.ts';
import { mend } from './mend.ts';
import { pollEvery_ms, readPosition, writePosition, type PollPosition } from './poll-position.ts';
import { pollCursor, walkPage } from './poll-walk.ts';
import { readAccountDaily } from './read-account.ts';
import { closedState, closeObject, isOutOfReach, objectsOf, reopenObject } from './reach.ts';

/** One call walks so long at most, so that it ends within its lease; a walk that has more goes on with the next call. */
const slice_ms = 2_000;
const firstPause_ms = 2_000;
const longestPause_ms = 60_000;

/**
 * The lane that catches what events missed: rows changed since the last look, with an overlap, keyed by (stamp, id), and
 * what a gap in the events hid. An object is polled once its first load is in: that walk goes over all of its rows.
 * The objects take turns page by page, and one that cannot be read holds up no other.
 * Answers when to look again: now while a walk has more.
 */
export async function pollOnce(deps: SyncDeps, { tenantId, installationId }: WorkAddress): Promise<number | undefined> {
  const installation = await deps.store.tenant(tenantId, async (tx) =>
    (await tx.installations()).find((one) => one.id === installationId),
  );
  if (!installation || installation.state === 'disconnected') return undefined;
  const { positions, closed } = await standOf(deps, installation);
  const turns = await walkInTurns(deps, installation, turnsDue([...positions], deps.clock.now_ms()));
  for (const [object, position] of turns) positions.set(object, position);
  const answering = [...turns].flatMap(([object, { failures }]) => (failures === 0 ? [object] : []));
  if (answering.length > 0) {
    await mend(deps, installation);
    await readAccountDaily(deps, installation);
  }
  const isWalking = [...positions.values()].some(({ walk }) => walk !== null);
  for (const object of closed)
    if (
      answering.includes(object) ||
      (!positions.has(object) && !isWalking && (await isReached(deps, installation, object)))
    )
      await reopenObject(deps, installation, object);
  if (turns.size > 0) await deps.bell.ring([{ tenantId, installationId, lane: 'observe' }]);
  const now_ms = deps.clock.now_ms();
  const next = [...positions.values()].map((position) => Math.max(now_ms, dueAt(position)));
  return Math.min(now_ms + pollEvery_ms, ...next);
}

/** How far each object was polled whose first load is in, and which objects were out of reach. */
async function standOf(
  deps: SyncDeps,
  installation: Installation,
): Promise<{ positions: Map<string, PollPosition>; closed: string[] }> {
  const positions = new Map<string, PollPosition>();
  const closed: string[] = [];
  await deps.store.tenant(installation.tenantId, async (tx) => {
    for (const { object, ours } of objectsOf(deps, installation)) {
      const state = await closedState(tx, installation.id, object);
      if (state && state.entry !== null) closed.push(object);
      if (ours || (await tx.cursor(installation.id, `backfill:${object}`)) !== 'done') continue;
      positions.set(object, readPosition(await tx.cursor(installation.id, pollCursor(object))));
    }
  });
  return { positions, closed };
}

/** An object that is not walked over is asked for a page: the grant may reach it by now. */
async function isReached(deps: SyncDeps, { tenantId, id }: Installation, object: string): Promise<boolean> {
  const api = await deps.crm.api(tenantId, id);
  try {
    await api.walk(object, undefined, { lane: 'background', what: 'poll' });
    return true;
  } catch (error) {
    if (error instanceof Reconnect) throw error;
    return false;
  }
}

/**
 * Whose turn it is: everybody's, or while there is more of some, or some failed, theirs and of those that waited their time
 * since the last. Who had the last turn goes last, so that one slow object keeps no other from its turn.
 */
function turnsDue(positions: readonly [string, PollPosition][], now_ms: number): string[] {
  const isFree = positions.every(([, { walk, failures }]) => walk === null && failures === 0);
  return positions
    .filter(([, position]) => isFree || dueAt(position) <= now_ms)
    .sort(([, a], [, b]) => a.turnAt_ms - b.turnAt_ms)
    .map(([object]) => object);
}

function dueAt({ walk, wholeAt_ms, failures, retryAt_ms }: PollPosition): number {
  if (failures > 0) return retryAt_ms;
  return walk === null ? wholeAt_ms + pollEvery_ms : 0;
}

/** A page of each object in turn, until none has more or the slice is over. Answers where they stand. */
async function walkInTurns(
  deps: SyncDeps,
  installation: Installation,
  objects: readonly string[],
): Promise<Map<string, PollPosition>> {
  const stands = new Map<string, PollPosition>();
  if (objects.length === 0) return stands;
  const api = await deps.crm.api(installation.tenantId, installation.id);
  const end_ms = deps.clock.now_ms() + slice_ms;
  let left = objects;
  while (left.length > 0 && (stands.size === 0 || deps.clock.now_ms() < end_ms)) {
    for (const object of left) {
      if (stands.size > 0 && deps.clock.now_ms() >= end_ms) break;
      stands.set(object, await takeTurn(deps, installation, object, () => walkPage(deps, api, installation, object)));
    }
    left = left.filter((object) => stands.get(object)?.walk != null && stands.get(object)?.failures === 0);
  }
  return stands;
}

/** A turn that fails is this object's alone: it is tried again after a pause. Throws when the whole account is cut off. */
async function takeTurn(
  deps: SyncDeps,
  installation: Installation,
  object: string,
  turn: () => Promise<PollPosition>,
): Promise<PollPosition> {
  const { tenantId, id } = installation;
  try {
    return await turn();
  } catch (error) {
    if (error instanceof Reconnect) throw error;
    const now_ms = deps.clock.now_ms();
    const passes = error instanceof RetryLater;
    const isClosed = isOutOfReach(error);
    if (isClosed) await closeObject(deps, installation, object, error);
    else if (!passes) deps.log.error({ installation: id, object, ...faultForLog(error) }, 'a poll failed');
    return deps.store.tenant(tenantId, async (tx) => {
      const before = readPosition(await tx.cursor(id, pollCursor(object)));
      const pause_ms = isClosed ? pollEvery_ms : backOff_ms(firstPause_ms, longestPause_ms, before.failures);
      const retryAt_ms = passes ? Math.max(error.retryAt_ms, now_ms + 50) : now_ms + pause_ms;
      const after = { ...before, turnAt_ms: now_ms, failures: before.failures + 1, retryAt_ms };
      await tx.saveCursor(id, pollCursor(object), writePosition(after));
      return after;
    });
  }
}
