import { backOff_ms } from '../../protocol/back-off.ts';
import { Reconnect, RetryLater } from '../../protocol/errors.ts';
import { faultForLog } from '../../protocol/fault-for-log.ts';
import type { Installation } from '../../protocol/nouns.ts';
import type { WorkAddress } from '../../protocol/ports/bell.ts';
import type { SyncDeps } from './deps.ts';
import { hint } from './hint.ts';
import { mend } from './mend.ts';
import { openWriting } from './open-writing.ts';
import { closedState, closeObject, isOutOfReach, objectsOf } from './reach.ts';
import { setUp, setUpState } from './set-up.ts';

const background = { lane: 'background', what: 'backfill' } as const;
const drained_ms = 200;
const refusedPause_ms = 600_000;
const firstPause_ms = 2_000;
const longestPause_ms = 60_000;
const done = 'done';

/** An object whose rows are not all listed. */
interface Unlisted {
  object: string;
  position: string | undefined;
  /** Failed calls in a row, and not before when it is tried again. */
  failures: number;
  retryAt_ms: number;
}

/**
 * One page of the first load of an installation: ids and stamps become hints in the inbox, parents' objects first, each
 * with its position in the same transaction. An object that cannot be listed holds up no other. When all pages are in and
 * looked at, writing opens.
 * Answers when to go on, or undefined when nothing is left.
 */
export async function backfillPage(
  deps: SyncDeps,
  { tenantId, installationId }: WorkAddress,
): Promise<number | undefined> {
  if (!(await prepare(deps, tenantId, installationId))) return deps.clock.now_ms() + refusedPause_ms;
  const installation = await deps.store.tenant(tenantId, async (tx) =>
    (await tx.installations()).find((one) => one.id === installationId),
  );
  if (!installation || installation.state === 'disconnected') return undefined;
  const { unlisted, late } = await leftOf(deps, installation);
  for (const one of unlisted)
    if (one.retryAt_ms <= deps.clock.now_ms() && (await listPage(deps, installation, one))) return deps.clock.now_ms();
  const left = unlisted.length === 0 ? [] : (await leftOf(deps, installation)).unlisted;
  if (left.length > 0) return Math.min(...left.map(({ retryAt_ms }) => retryAt_ms));
  // Unconfirmed, the account only observes: confirming marks this lane due again.
  if (!installation.confirmed || (installation.state === 'writing' && !late)) return undefined;
  const opened = await openWriting(deps, tenantId);
  if (opened === 'opened') return undefined;
  return deps.clock.now_ms() + (opened === 'more' ? 0 : drained_ms);
}

/** What is to be listed, but for what is out of reach; `late`: some was listed that the account does not write yet. */
async function leftOf(deps: SyncDeps, installation: Installation): Promise<{ unlisted: Unlisted[]; late: boolean }> {
  const unlisted: Unlisted[] = [];
  let late = false;
  await deps.store.tenant(installation.tenantId, async (tx) => {
    for (const { object, ours } of objectsOf(deps, installation)) {
      const closed = await closedState(tx, installation.id, object);
      if (ours || (closed && closed.entry !== null)) continue;
      const position = await tx.cursor(installation.id, `backfill:${object}`);
      if (position === done) late ||= closed?.late ?? false;
      else unlisted.push({ object, position, ...readPause(await tx.cursor(installation.id, pauseCursor(object))) });
    }
  });
  return { unlisted, late };
}

/** True when a page came in. What fails is this object's alone; throws when the whole account is cut off. */
async function listPage(deps: SyncDeps, installation: Installation, one: Unlisted): Promise<boolean> {
  const { tenantId, id: installationId } = installation;
  const { object } = one;
  const api = await deps.crm.api(tenantId, installationId);
  let page;
  try {
    page = await api.list(object, one.position, background);
  } catch (error) {
    if (error instanceof Reconnect) throw error;
    if (isOutOfReach(error)) await closeObject(deps, installation, object, error);
    else await pause(deps, installation, one, error);
    return false;
  }
  await mend(deps, installation);
  const events = page.rows.map((row) => hint(installation, object, row, 'backfill'));
  const cursor = { name: `backfill:${object}`, value: page.next ?? done };
  await deps.store.receive([{ tenantId, installationId, events, cursor }]);
  const isLast = page.next === undefined;
  await deps.store.tenant(tenantId, async (tx) => {
    const paused = await tx.cursor(installationId, pauseCursor(object));
    if (paused !== undefined) await tx.dropCursor(installationId, pauseCursor(object), paused);
    // What changed while it was loaded is seen at once: until a poll was whole every write looks first.
    if (isLast) await tx.markDue(installationId, 'poll', deps.clock.now_ms());
  });
  const lanes = isLast ? (['observe', 'poll'] as const) : (['observe'] as const);
  await deps.bell.ring(lanes.map((lane) => ({ tenantId, installationId, lane })));
  return true;
}

const pauseCursor = (object: string): string => `backfill-pause:${object}`;

function readPause(text: string | undefined): Pick<Unlisted, 'failures' | 'retryAt_ms'> {
  const [failures = '0', retryAt = '0'] = (text ?? '').split(' ').filter(Boolean);
  return { failures: Number(failures), retryAt_ms: Number(retryAt) };
}

async function pause(
  deps: SyncDeps,
  { tenantId, id }: Installation,
  { object, failures }: Unlisted,
  error: unknown,
): Promise<void> {
  const now_ms = deps.clock.now_ms();
  const passes = error instanceof RetryLater;
  if (!passes) deps.log.error({ installation: id, object, ...faultForLog(error) }, 'an object could not be listed');
  const pause_ms = backOff_ms(firstPause_ms, longestPause_ms, failures);
  const retryAt_ms = passes ? Math.max(error.retryAt_ms, now_ms + 50) : now_ms + pause_ms;
  await deps.store.tenant(tenantId, (tx) => tx.saveCursor(id, pauseCursor(object), `${failures + 1} ${retryAt_ms}`));
}

/** The first ring of a newly connected account sets it up and starts its poll and sweep lanes. False: it cannot be mirrored as it is. */
async function prepare(deps: SyncDeps, tenantId: string, installationId: string): Promise<boolean> {
  const state = await deps.store.tenant(tenantId, (tx) => setUpState(tx, installationId));
  if (state === 'done') return true;
  if (!(await setUp(deps, tenantId, installationId))) return false;
  await deps.store.tenant(tenantId, async (tx) => {
    for (const lane of ['poll', 'sweep'] as const) await tx.markDue(installationId, lane, deps.clock.now_ms());
  });
  return true;
}
