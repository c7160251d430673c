import { Reconnect, RetryLater } from '../../protocol/errors.ts';
import { faultForLog } from '../../protocol/fault-for-log.ts';
import type { Installation } from '../../protocol/nouns.ts';
import type { WorkAddress } from '../../protocol/ports/bell.ts';
import type { SyncDeps } from './deps.ts';
import { closedState, isOutOfReach, objectsOf } from './reach.ts';
import { standOf, sweepPage } from './sweep-page.ts';
import { sweepCursor, type SweepPosition } from './sweep-position.ts';

/** One call sweeps so long at most, so that it ends within its lease. */
const slice_ms = 2_000;
const failurePause_ms = 10 * 60_000;
const brokenPause_ms = 60_000;

/**
 * The lane that proves agreement: every so often all rows of each object are walked over and compared with the links. What
 * differs becomes a hint; what is missing is looked for once more when the walk was whole, and then read singly.
 * Answers when to go on.
 */
export async function sweepOnce(
  deps: SyncDeps,
  { tenantId, installationId }: WorkAddress,
  every_ms: number,
): Promise<number | undefined> {
  const found = await deps.store.tenant(tenantId, async (tx) => {
    const installation = (await tx.installations()).find((one) => one.id === installationId);
    const positions = new Map<string, SweepPosition>();
    if (!installation || installation.state === 'disconnected') return undefined;
    for (const { object, ours } of objectsOf(deps, installation)) {
      const closed = await closedState(tx, installationId, object);
      if (ours || (closed && closed.entry !== null)) continue;
      if ((await tx.cursor(installationId, `backfill:${object}`)) !== 'done') continue;
      positions.set(object, await standOf(deps, tx, installationId, object, every_ms));
    }
    return { installation, positions };
  });
  if (!found) return undefined;
  const { installation, positions } = found;
  // The poll lane finds out when the account is connected again.
  if (installation.brokenReason !== null) return deps.clock.now_ms() + brokenPause_ms;
  const end_ms = deps.clock.now_ms() + slice_ms;
  let isSwept = false;
  for (const [object, stand] of positions) {
    let position = stand;
    while (dueAt(position) <= deps.clock.now_ms() && (!isSwept || deps.clock.now_ms() < end_ms)) {
      position = await sweepStep(deps, installation, object, position, every_ms);
      isSwept = true;
    }
    positions.set(object, position);
  }
  if (isSwept) await deps.bell.ring([{ tenantId, installationId, lane: 'observe' }]);
  const now_ms = deps.clock.now_ms();
  return Math.min(now_ms + every_ms, ...[...positions.values()].map((one) => Math.max(now_ms, dueAt(one))));
}

function dueAt({ walk, gaps, nextAt_ms, retryAt_ms = 0 }: SweepPosition): number {
  return walk !== null || gaps.length > 0 ? retryAt_ms : Math.max(nextAt_ms, retryAt_ms);
}

/** A page that cannot be had is this object's alone. Throws when the whole account has to wait. */
async function sweepStep(
  deps: SyncDeps,
  installation: Installation,
  object: string,
  before: SweepPosition,
  every_ms: number,
): Promise<SweepPosition> {
  const { tenantId, id } = installation;
  try {
    const api = await deps.crm.api(tenantId, id);
    return await sweepPage(deps, api, installation, object, before, every_ms);
  } catch (error) {
    if (error instanceof Reconnect || error instanceof RetryLater) throw error;
    // The poll lane says what is out of reach, and when it is reached again.
    if (!isOutOfReach(error)) deps.log.error({ installation: id, object, ...faultForLog(error) }, 'a sweep failed');
    const after = { ...before, retryAt_ms: deps.clock.now_ms() + failurePause_ms };
    await deps.store.tenant(tenantId, (tx) => tx.saveCursor(id, sweepCursor(object), JSON.stringify(after)));
    return after;
  }
}
