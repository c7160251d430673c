import type { CrmApi, RowStamp } from '../../protocol/crm-connector.ts';
import type { Installation, Parked, ParkedCause } from '../../protocol/nouns.ts';
import type { Purpose } from '../../protocol/purpose.ts';
import type { TenantTx } from '../../protocol/ports/store.ts';
import type { VendorEvent } from '../../protocol/vendor-event.ts';
import type { SyncDeps } from './deps.ts';
import { hint } from './hint.ts';
import { lookAgain } from './look-again.ts';
import { goneCursor, readGone } from './mass-delete.ts';
import { longestPostponed_ms } from './postpone.ts';
import {
  isBehind,
  isStale,
  neverSwept,
  readSweep,
  sweepCursor,
  withGap,
  type SweepCertificate,
  type SweepCounts,
  type SweepPosition,
  type SweepWalk,
} from './sweep-position.ts';

/** Of the account's calls sweeps take this share at most, so that they never stand in anybody's way. */
const purpose: Purpose = { lane: 'background', what: 'sweep', share: 0.3 };
/** So many missing rows are told of at a time. */
const mostMissing = 500;

/** One page of an object's walk, or one look at a gap of the walk that has ended. */
export async function sweepPage(
  deps: SyncDeps,
  api: CrmApi,
  installation: Installation,
  object: string,
  before: SweepPosition,
  every_ms: number,
): Promise<SweepPosition> {
  const now_ms = deps.clock.now_ms();
  if (before.walk === null && before.gaps.length > 0) return lookAtGap(deps, api, installation, object, before);
  const walk = before.walk === null || isStale(before.walk, now_ms) ? beginWalk(deps, now_ms) : before.walk;
  // The gaps of a walk that begins anew prove nothing.
  const gaps = walk === before.walk ? before.gaps : [];
  const page = await api.walk(object, walk.after ?? undefined, purpose);
  return save(deps, installation, object, async (tx) => {
    const movedAt_ms = deps.clock.now_ms();
    const to = page.next === undefined ? undefined : page.rows.at(-1)?.externalId;
    // A page without rows that is not the last has no end: it says nothing of any row.
    if (page.next !== undefined && to === undefined)
      return { ...before, walk: { ...walk, movedAt_ms, after: page.next }, gaps };
    const range = { after: walk.from ?? undefined, to, rows: page.rows };
    const { differing, missing } = await tx.comparePage(installation.id, object, range, 1);
    const counted = await tellOf(deps, tx, installation, object, page.rows, differing);
    const walked = { ...walk, ...sumOf(walk, counted) };
    const gap = { after: walk.after, from: walk.from, to: to ?? null };
    const seen = missing.length > 0 ? withGap(gaps, gap) : gaps;
    if (page.next !== undefined) {
      const next = { ...walked, movedAt_ms, after: page.next, from: to ?? null };
      return { ...before, walk: next, gaps: seen };
    }
    const last = certificateOf(walked, deps.clock.now_ms());
    return { nextAt_ms: last.startedAt_ms + every_ms, walk: null, gaps: seen, last };
  });
}

/** The first page of a gap again: what is missing there too is read singly. */
async function lookAtGap(
  deps: SyncDeps,
  api: CrmApi,
  installation: Installation,
  object: string,
  before: SweepPosition,
): Promise<SweepPosition> {
  const [gap, ...others] = before.gaps;
  if (!gap) return before;
  const page = await api.walk(object, gap.after ?? undefined, purpose);
  return save(deps, installation, object, async (tx) => {
    const end = page.next === undefined ? null : (page.rows.at(-1)?.externalId ?? null);
    if (page.next !== undefined && end === null) return { ...before, gaps: [{ ...gap, after: page.next }, ...others] };
    const isWhole = end === null || (gap.to !== null && !isBehind(gap.to, end));
    const to = isWhole ? gap.to : end;
    const range = { after: gap.from ?? undefined, to: to ?? undefined, rows: page.rows };
    const { missing } = await tx.comparePage(installation.id, object, range, mostMissing);
    const entries = await tx.parkedAt(installation.id, object, missing);
    const held = new Set(entries.filter(isHeldBack).map((entry) => entry.externalId));
    const untold = missing.filter((externalId) => !held.has(externalId));
    await addHints(deps, tx, installation.id, looksAt(deps, object, untold, 'missing'));
    const left =
      missing.length === mostMissing
        ? [{ ...gap, from: missing.at(-1) ?? null }]
        : isWhole
          ? []
          : [{ after: page.next ?? null, from: end, to: gap.to }];
    const last = before.last && { ...before.last, missing: before.last.missing + untold.length };
    return { ...before, gaps: [...left, ...others], last };
  });
}

function beginWalk(deps: SyncDeps, startedAt_ms: number): SweepWalk {
  return { id: deps.ids.next(), startedAt_ms, movedAt_ms: startedAt_ms, after: null, from: null, ...nothing };
}

const nothing: SweepCounts = { rows: 0, equal: 0, lagging: 0, parked: 0, unseen: 0 };

function sumOf(a: SweepCounts, b: SweepCounts): SweepCounts {
  return {
    rows: a.rows + b.rows,
    equal: a.equal + b.equal,
    lagging: a.lagging + b.lagging,
    parked: a.parked + b.parked,
    unseen: a.unseen + b.unseen,
  };
}

function certificateOf(
  { id, startedAt_ms, rows, equal, lagging, parked, unseen }: SweepWalk,
  endedAt_ms: number,
): SweepCertificate {
  return { id, startedAt_ms, endedAt_ms, rows, equal, lagging, parked, unseen, missing: 0 };
}

/** Hints of the rows that differ, but for those that something tells of already, or that wait for a person. */
async function tellOf(
  deps: SyncDeps,
  tx: TenantTx,
  installation: Installation,
  object: string,
  rows: readonly RowStamp[],
  differing: readonly string[],
): Promise<SweepCounts> {
  const { id } = installation;
  const told = new Set(await tx.hintedRows(id, object, differing, deps.clock.now_ms() + longestPostponed_ms));
  const isPaused = readGone(await tx.cursor(id, goneCursor(object))).pausedAt_ms !== null;
  const entries = await tx.parkedAt(id, object, isPaused ? rows.map((row) => row.externalId) : differing);
  const waiting = new Set(entries.filter(isWaiting).map((entry) => entry.externalId));
  const isParked = (externalId: string): boolean => waiting.has(externalId) && !told.has(externalId);
  const silent = new Set(differing.filter((one) => !told.has(one) && !isParked(one)));
  const unseen = rows.filter((row) => silent.has(row.externalId));
  await addHints(
    deps,
    tx,
    id,
    unseen.map((row) => hint(installation, object, row, 'sweep')),
  );
  // They are there, whatever their stamp: a row may come back as it was.
  const back = entries.filter(isHeldBack).flatMap(({ externalId }) => externalId ?? []);
  await addHints(deps, tx, id, looksAt(deps, object, back, 'back'));
  return {
    rows: rows.length,
    equal: rows.length - differing.length,
    lagging: told.size,
    parked: differing.filter(isParked).length,
    unseen: unseen.length,
  };
}

const waitingCauses: ReadonlySet<ParkedCause> = new Set(['ambiguous_match', 'missing_parent', 'merged_elsewhere']);

/** The row waits as a whole, for a person or for its parent; what ends that looks at it by itself. */
function isWaiting({ cause, field, externalId }: Parked): boolean {
  return externalId !== null && field === null && waitingCauses.has(cause);
}

/** It was gone with so many others that a person must say that it is right, and then it is read once more. */
function isHeldBack({ cause }: Parked): boolean {
  return cause === 'mass_delete';
}

/** Hints of rows that are to be read whatever their stamp. Not of deletions: a list is a copy that may lag. */
function looksAt(
  deps: SyncDeps,
  object: string,
  externalIds: readonly string[],
  why: 'missing' | 'back',
): VendorEvent[] {
  const now_ms = deps.clock.now_ms();
  return externalIds.map((externalId) => {
    const look = lookAgain(`sweep-${why}-${object}-${externalId}-${now_ms}`, { object, externalId }, now_ms);
    return { ...look, lane: 'sweep' };
  });
}

async function addHints(
  deps: SyncDeps,
  tx: TenantTx,
  installationId: string,
  events: readonly VendorEvent[],
): Promise<void> {
  if (events.length === 0) return;
  await tx.addInbox(installationId, events);
  await tx.markDue(installationId, 'observe', deps.clock.now_ms());
}

/** The position moves with the hints it stands for. */
async function save(
  deps: SyncDeps,
  { tenantId, id }: Installation,
  object: string,
  step: (tx: TenantTx) => Promise<SweepPosition>,
): Promise<SweepPosition> {
  return deps.store.tenant(tenantId, async (tx) => {
    const after = await step(tx);
    await tx.saveCursor(id, sweepCursor(object), JSON.stringify(after));
    return after;
  });
}

/** Where an object stands; one that was never swept has its first sweep an interval from now: it has just been loaded. */
export async function standOf(
  deps: SyncDeps,
  tx: TenantTx,
  installationId: string,
  object: string,
  every_ms: number,
): Promise<SweepPosition> {
  const stored = readSweep(await tx.cursor(installationId, sweepCursor(object)));
  if (stored) return stored;
  const first = neverSwept(deps.clock.now_ms() + every_ms);
  await tx.saveCursor(installationId, sweepCursor(object), JSON.stringify(first));
  return first;
}
