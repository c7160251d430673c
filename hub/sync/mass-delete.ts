import type { Installation, Kind, Link, Parked } from '../../protocol/nouns.ts';
import type { TenantTx } from '../../protocol/ports/store.ts';
import type { SyncDeps } from './deps.ts';
import { isConfirmedGone } from './look-again.ts';
import type { Observation } from './observation.ts';

const window_ms = 600_000;
/** Of an object's rows so many may be gone within the window: one in a hundred, but never fewer or more than these. */
const share = 0.01;
const fewest = 10;
const most = 50;

/** How many rows of an object were gone lately. */
interface GoneLately {
  since_ms: number;
  count: number;
  /** Since when a person must say whether it is right; null: none. */
  pausedAt_ms: number | null;
}

const none: GoneLately = { since_ms: 0, count: 0, pausedAt_ms: null };

export const goneCursor = (object: string): string => `gone:${object}`;

export function readGone(text: string | undefined): GoneLately {
  return text === undefined ? none : { ...none, ...(JSON.parse(text) as Partial<GoneLately>) };
}

/**
 * The rows of a reading that are gone and must wait for a person: too many of the object went within ten minutes. Those that
 * went before stay as they were decided, and those that a person confirmed go.
 */
export async function tooManyGone(
  deps: SyncDeps,
  tx: TenantTx,
  { id }: Installation,
  about: { kind: Kind; object: string },
  observations: readonly Observation[],
): Promise<Set<string>> {
  const isConfirmed = ({ items }: Observation): boolean => items.some(({ event }) => isConfirmedGone(event));
  const archived = observations.filter((one) => one.row.archived && !isConfirmed(one));
  if (archived.length === 0) return new Set();
  await tx.lockMatching(about.kind);
  const readAt = new Map(archived.map(({ row, readAt_ms }) => [row.externalId, readAt_ms]));
  const links = await tx.linksByExternalId(id, about.object, [...readAt.keys()]);
  const writes = await tx.openWrites(links.map((link) => link.id));
  const busy = new Set(writes.filter((write) => write.state !== 'answered').map((write) => write.linkId));
  // One of which nothing can be decided yet is looked at again, and counted then.
  const isDecided = ({ id: linkId, externalId, writtenAt_ms }: Link): boolean =>
    !busy.has(linkId) && (readAt.get(String(externalId)) ?? 0) >= (writtenAt_ms ?? 0);
  const gone = links.filter((link) => link.state === 'live' && isDecided(link)).map((link) => String(link.externalId));
  if (gone.length === 0) return new Set();
  const now_ms = deps.clock.now_ms();
  const before = readGone(await tx.cursor(id, goneCursor(about.object)));
  const after = await afterThese(tx, id, about.object, before, { count: gone.length, now_ms });
  await tx.saveCursor(id, goneCursor(about.object), JSON.stringify(after));
  return after.pausedAt_ms === null ? new Set() : new Set(gone);
}

async function afterThese(
  tx: TenantTx,
  installationId: string,
  object: string,
  before: GoneLately,
  { count, now_ms }: { count: number; now_ms: number },
): Promise<GoneLately> {
  if (before.pausedAt_ms !== null) return before;
  const isOver = now_ms - before.since_ms > window_ms;
  const total = (isOver ? 0 : before.count) + count;
  const within = { ...before, since_ms: isOver ? now_ms : before.since_ms, count: total };
  if (total <= fewest) return within;
  const live = await tx.countLiveLinks(installationId, object);
  const limit = Math.min(most, Math.max(fewest, Math.floor(live * share)));
  return total > limit ? { ...before, pausedAt_ms: now_ms } : within;
}

/** What is said of a row that waits. */
export function massDeleteEntry(
  installation: Installation,
  object: string,
): Pick<Parked, 'field' | 'cause' | 'detail' | 'remedy' | 'value' | 'waitsFor'> {
  const { tenantId, id } = installation;
  return {
    field: null,
    cause: 'mass_delete',
    detail: `It is gone, with unusually many rows of ${object} within ten minutes. Nothing follows from it until a person says that it is right.`,
    remedy: `Restore the rows in the CRM, or say that it is right: rapport deletes confirm ${tenantId} ${id} ${object}`,
    value: null,
    waitsFor: null,
  };
}
