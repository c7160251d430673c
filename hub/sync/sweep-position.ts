/**
 * A sweep of one object: a walk over all of its rows, page by page, each compared with the links, and after it, only after
 * it, a second look at the pages on which linked rows were missing:
 *
 *     waits until nextAt -> walk: page, page, ... -> end: certificate -> verify: each gap is listed again; what is missing
 *                            | stood still too long                      there too is read singly, by a hint
 *                            v
 *                          begins anew, says nothing
 */
export interface SweepPosition {
  /** When the next walk begins. */
  nextAt_ms: number;
  /** Not before this: a page could not be had. */
  retryAt_ms?: number;
  walk: SweepWalk | null;
  /** Pages to list again, of the walk that has ended. */
  gaps: SweepGap[];
  /** The latest walk that came to its end. */
  last: SweepCertificate | null;
}

/** What a walk has counted. */
export interface SweepCounts {
  /** Rows of the vendor, each compared once. */
  rows: number;
  /** Rows that a live link has seen as they are. */
  equal: number;
  /** Rows that differ, and that a hint of another lane tells of already. */
  lagging: number;
  /** Rows without a live link that wait, for a person or for their parent. */
  parked: number;
  /** Rows with a stamp that nobody had seen and no hint told of. What was another value indeed is counted as caught by the sweep. */
  unseen: number;
}

export interface SweepWalk extends SweepCounts {
  id: string;
  startedAt_ms: number;
  /** When its latest page came. */
  movedAt_ms: number;
  /** Where the next page begins, in the vendor's words, and behind which row. */
  after: string | null;
  from: string | null;
}

/** Part of a walk, of one or more pages, in which links lie whose rows it did not show. */
export interface SweepGap {
  after: string | null;
  from: string | null;
  /** Its last row; null: to the end. */
  to: string | null;
}

/** A walk was whole: what it did not show was not there. */
export interface SweepCertificate extends SweepCounts {
  id: string;
  startedAt_ms: number;
  endedAt_ms: number;
  /**
   * Linked rows that two looks did not show: each is read singly before anything is retired. Not those that wait already since
   * too many went at once.
   */
  missing: number;
}

/** A walk that stood still for so long proves nothing any more. */
const longestStand_ms = 12 * 3_600_000;
/** More gaps than this become fewer, larger ones: nothing grows with the account. */
const mostGaps = 100;

export const sweepCursor = (object: string): string => `sweep:${object}`;

/** An object that has just been loaded: its first sweep comes then. */
export function neverSwept(nextAt_ms: number): SweepPosition {
  return { nextAt_ms, walk: null, gaps: [], last: null };
}

/** Undefined where the object was never swept. */
export function readSweep(text: string | undefined): SweepPosition | undefined {
  return text === undefined ? undefined : (JSON.parse(text) as SweepPosition);
}

export function isStale(walk: SweepWalk, now_ms: number): boolean {
  return now_ms - walk.movedAt_ms > longestStand_ms;
}

export function withGap(gaps: readonly SweepGap[], gap: SweepGap): SweepGap[] {
  const last = gaps.at(-1);
  return gaps.length < mostGaps || !last ? [...gaps, gap] : [...gaps.slice(0, -1), { ...last, to: gap.to }];
}

/** Whether an id comes after another in the order of a walk. */
export function isBehind(id: string, other: string): boolean {
  return id.length - other.length === 0 ? id > other : id.length > other.length;
}
