/** How often an account is polled. */
export const pollEvery_ms = 30_000;
/** Rows that were committed late, and an index that lags, are still inside this overlap. */
const overlap_ms = 120_000;

/** A row's place in the order of (stamp, id). */
export interface RowPlace {
  stamp_ms: number;
  id: string;
}

/** How far an object was polled. Instants `…At_ms` are of our clock, `stamp_ms` of the vendor's. */
export interface PollPosition {
  /** The newest row that a whole walk saw; at first none. */
  newest: RowPlace;
  /** When that row was first seen. */
  seenAt_ms: number;
  /** How long the walk took that saw it: what was late behind it has so much more time to come. */
  took_ms: number;
  /** Nothing newer came in a whole walk that began later than the overlap: nothing can be late any more. */
  settled: boolean;
  /** When the latest whole walk began: what changed before is stored. At first 0. */
  wholeAt_ms: number;
  /** A walk under way; a call that ends, or is killed, is gone on with from here. */
  walk: PollWalk | null;
  /** When its latest turn was. */
  turnAt_ms: number;
  /** Failed turns in a row, and not before when it is tried again. */
  failures: number;
  retryAt_ms: number;
}

export interface PollWalk {
  startedAt_ms: number;
  /** All rows up to here are stored. */
  since: RowPlace;
  newest: RowPlace;
  seenAt_ms: number;
  /** The mark of the gap that the walk goes back for. */
  gap: string | null;
}

const beginning: PollPosition = {
  newest: { stamp_ms: 0, id: '' },
  seenAt_ms: 0,
  took_ms: 0,
  settled: false,
  wholeAt_ms: 0,
  walk: null,
  turnAt_ms: 0,
  failures: 0,
  retryAt_ms: 0,
};

/** A stored position; without one that can be read, the beginning of the vendor's time, never an instant of our clock. */
export function readPosition(text: string | undefined): PollPosition {
  return text?.startsWith('{') ? { ...beginning, ...(JSON.parse(text) as Partial<PollPosition>) } : beginning;
}

export function writePosition(position: PollPosition): string {
  return JSON.stringify(position);
}

/**
 * A new walk. It begins an overlap before the newest row, for what was committed late, or behind that row once the overlap
 * has been walked, so that a bulk edit with one stamp is not read for ever. Closing a gap goes further back.
 */
export function beginWalk(
  { newest, seenAt_ms, took_ms, settled }: PollPosition,
  gap: string | null,
  now_ms: number,
): PollWalk {
  const start = settled ? newest : { stamp_ms: Math.max(0, newest.stamp_ms - overlap_ms - took_ms), id: '' };
  const isBack = gap !== null && Number(gap) <= start.stamp_ms;
  return { startedAt_ms: now_ms, since: isBack ? { stamp_ms: Number(gap), id: '' } : start, newest, seenAt_ms, gap };
}

/** The walk after a page that ended with `last`, read at `now_ms`. Going back never moves the newest row. */
export function afterPage(walk: PollWalk, last: RowPlace | undefined, now_ms: number): PollWalk {
  if (!last) return walk;
  const isNewer = last.stamp_ms >= walk.newest.stamp_ms && !isSame(last, walk.newest);
  return { ...walk, since: last, ...(isNewer && { newest: last, seenAt_ms: now_ms }) };
}

/** The position after the walk's last page. */
export function afterWalk(before: PollPosition, walk: PollWalk, now_ms: number): PollPosition {
  const isNewer = !isSame(walk.newest, before.newest);
  return {
    ...before,
    newest: walk.newest,
    seenAt_ms: isNewer ? walk.seenAt_ms : before.seenAt_ms,
    took_ms: isNewer ? now_ms - walk.startedAt_ms : before.took_ms,
    settled: !isNewer && walk.startedAt_ms - before.seenAt_ms > overlap_ms,
    wholeAt_ms: walk.startedAt_ms,
    walk: null,
  };
}

function isSame(a: RowPlace, b: RowPlace): boolean {
  return a.stamp_ms === b.stamp_ms && a.id === b.id;
}
