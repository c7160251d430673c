import { Gone, OutOfReach } from '../../protocol/errors.ts';
import { faultForLog } from '../../protocol/fault-for-log.ts';
import type { Installation, Kind } from '../../protocol/nouns.ts';
import { kindOrder } from '../../protocol/nouns.ts';
import type { InboxItem, TenantTx } from '../../protocol/ports/store.ts';
import type { SyncDeps } from './deps.ts';
import { longestPostponed_ms } from './postpone.ts';
import { objectFor } from './sides.ts';

/** Why an object of an account is left alone. Without one it is synced as any other. */
interface Closed {
  /** The entry that shows that the grant does not reach it; null: it does again. */
  entry: string | null;
  /** The account writes without it: before anything is written there it must be read whole. */
  late: boolean;
}

const cursorOf = (object: string): string => `closed:${object}`;

/** The grant does not cover the object, or the account does not have it (any more). Other objects are as they were. */
export function isOutOfReach(error: unknown): error is OutOfReach | Gone {
  return error instanceof OutOfReach || error instanceof Gone;
}

/** The objects that the mapping gives an account, parents first. `ours` alone: those that the hub writes and nobody else. */
export function objectsOf(
  deps: Pick<SyncDeps, 'mapper'>,
  installation: Installation,
): { kind: Kind; object: string; idField: string; ours: boolean }[] {
  return kindOrder.flatMap((kind) => {
    const target = objectFor(deps.mapper, kind, installation);
    const { ours } = deps.mapper.mappings.kinds[kind];
    return target ? [{ kind, object: target.object, idField: target.idField, ours }] : [];
  });
}

/** Whether an object is left alone, and why. */
export async function closedState(tx: TenantTx, installationId: string, object: string): Promise<Closed | undefined> {
  const text = await tx.cursor(installationId, cursorOf(object));
  return text === undefined ? undefined : (JSON.parse(text) as Closed);
}

/**
 * An object turned out to be out of reach: it is left alone until it is reached again, and shown with what to do. Of the
 * `hints` that asked for it, those of a listing end, since its rows are listed anew then; what happened to rows is
 * looked at later.
 */
export async function closeObject(
  deps: SyncDeps,
  { tenantId, id }: Installation,
  object: string,
  error: OutOfReach | Gone,
  hints: readonly InboxItem[] = [],
): Promise<void> {
  deps.crm.forgetDescriptions(tenantId, id);
  const isNew = await deps.store.tenant(tenantId, async (tx) => {
    const listed = hints.filter(({ event }) => event.lane === 'backfill' || event.lane === 'sweep');
    if (listed.length > 0) {
      const position = await tx.cursor(id, `backfill:${object}`);
      if (position !== undefined) await tx.dropCursor(id, `backfill:${object}`, position);
      await tx.finishInbox(listed.map((item) => ({ id: item.id, outcome: 'parked' })));
    }
    const others = hints.filter((item) => !listed.includes(item));
    await tx.postponeInbox(
      others.map((item) => item.id),
      deps.clock.now_ms() + longestPostponed_ms,
    );
    const before = await closedState(tx, id, object);
    if (before && before.entry !== null) return false;
    const entry = deps.ids.next();
    const where = { installationId: id, object, externalId: null, recordId: null, field: null };
    const remedy = error instanceof Gone ? 'An admin must give the account the object back.' : error.remedy;
    const why = { cause: 'unreadable', detail: error.message, remedy } as const;
    await tx.park([{ ...where, ...why, id: entry, value: null, waitsFor: null, at_ms: deps.clock.now_ms() }]);
    await saveClosed(tx, id, object, { entry, late: before?.late ?? false });
    return true;
  });
  if (isNew) deps.log.warn({ installation: id, object, ...faultForLog(error) }, 'an object is out of reach');
}

/** The object answers: it is synced again, and rows that were never listed are. */
export async function reopenObject(deps: SyncDeps, { tenantId, id }: Installation, object: string): Promise<void> {
  const lanes = ['observe', 'backfill', 'deliver'] as const;
  const isReopened = await deps.store.tenant(tenantId, async (tx) => {
    const before = await closedState(tx, id, object);
    if (!before || before.entry === null) return false;
    await tx.unpark([before.entry]);
    await saveClosed(tx, id, object, { ...before, entry: null });
    await tx.wakeInbox(id, object, 'all', deps.clock.now_ms());
    for (const lane of lanes) await tx.markDue(id, lane, deps.clock.now_ms());
    return true;
  });
  if (isReopened) await deps.bell.ring(lanes.map((lane) => ({ tenantId, installationId: id, lane })));
}

/** From now on the account writes, without the object. */
export async function keepLate(tx: TenantTx, installationId: string, object: string): Promise<void> {
  const before = await closedState(tx, installationId, object);
  await saveClosed(tx, installationId, object, { entry: before?.entry ?? null, late: true });
}

/** The object was read whole and what it lacks is linked: it may be written. */
export async function endLate(tx: TenantTx, installationId: string, object: string): Promise<void> {
  const before = await closedState(tx, installationId, object);
  if (before) await saveClosed(tx, installationId, object, { ...before, late: false });
}

async function saveClosed(tx: TenantTx, installationId: string, object: string, closed: Closed): Promise<void> {
  const name = cursorOf(object);
  const before = await tx.cursor(installationId, name);
  if (closed.entry !== null || closed.late) await tx.saveCursor(installationId, name, JSON.stringify(closed));
  else if (before !== undefined) await tx.dropCursor(installationId, name, before);
}
