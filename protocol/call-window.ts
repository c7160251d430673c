/**
 * How a vendor's window of calls is shared out. The window is cut into slots; a block of calls is good until its slot ends, and
 * whatever was given in the slots that a window can touch never exceeds the window's calls:
 *
 *     |<------------- 41 slots: any window of 40 slots' length, wherever it begins ------------->|
 *     [ 3 ][ 0 ][ 2 ][ 10 ] ...                                                          [ 4 ][ 1 ] now
 *
 * Within it a fifth of the calls may go at once, the rest in even steps, so that no call waits for a whole window that others
 * used up. Background work stops short of what people may need.
 */
export interface CallLimit {
  /** So many calls in any `window_ms`. */
  calls: number;
  window_ms: number;
}

export interface CallWindow {
  /** Number of the newest slot, since the epoch. */
  slot: number;
  /** Calls given by slot, the newest first; `slotsKept` long. */
  counts: readonly number[];
  /** The bucket of even steps is full again at this instant. */
  pacedUntil_ms: number;
  /** When a call for a person was last asked for. */
  peopleAt_ms: number;
}

export interface Ask {
  wanted: number;
  limit: CallLimit;
  /** A person waits. */
  interactive: boolean;
  now_ms: number;
}

/** An ask in the numbers that a store needs to answer it in one step. */
export interface AskInSlots {
  wanted: number;
  slot: number;
  now_ms: number;
  peopleAt_ms: number;
  /** Calls that may be out in the slots kept, while people are at work and while they are not. */
  ceiling: { busy: number; quiet: number };
  /** The bucket's depth for this ask, and the time that one call takes of it. */
  depth_ms: number;
  step_ms: number;
}

const slotsInWindow = 40;
export const slotsKept = slotsInWindow + 1;
/** People count as at work for so long after their last call. */
export const peopleStay_ms = 60_000;
const burstShare = 0.2;
/** What background work leaves to people: while they are at work, and in case one comes. */
const reserve = { busy: 0.2, quiet: 0.05 } as const;

export function inSlots({ wanted, limit, interactive, now_ms }: Ask): AskInSlots {
  const { calls, window_ms } = limit;
  const step_ms = window_ms / calls;
  const burst = Math.max(1, Math.floor(calls * burstShare * (interactive ? 1 : 0.5)));
  const leaving = (share: number): number => (interactive ? calls : Math.max(1, Math.floor(calls * (1 - share))));
  return {
    wanted,
    slot: Math.floor(now_ms / (window_ms / slotsInWindow)),
    now_ms,
    peopleAt_ms: interactive ? now_ms : 0,
    ceiling: { busy: leaving(reserve.busy), quiet: leaving(reserve.quiet) },
    depth_ms: burst * step_ms,
    step_ms,
  };
}

/** The window as it is at the ask's slot. A process whose clock is late counts in the newest slot known. */
export function rolled(window: CallWindow | undefined, ask: AskInSlots): CallWindow {
  const before = window ?? { slot: ask.slot, counts: [], pacedUntil_ms: 0, peopleAt_ms: 0 };
  const passed = Math.min(slotsKept, Math.max(0, ask.slot - before.slot));
  const counts = [...Array<number>(passed).fill(0), ...before.counts];
  return {
    slot: Math.max(before.slot, ask.slot),
    counts: [...counts, ...Array<number>(slotsKept).fill(0)].slice(0, slotsKept),
    pacedUntil_ms: Math.max(before.pacedUntil_ms, ask.now_ms),
    peopleAt_ms: Math.max(before.peopleAt_ms, ask.peopleAt_ms),
  };
}

/** How many calls a rolled window gives to the ask. */
export function givenBy(window: CallWindow, ask: AskInSlots): number {
  // A thousandth of a call makes up for what fractions of instants since the epoch lose.
  const inStep = Math.floor((ask.now_ms + ask.depth_ms - window.pacedUntil_ms) / ask.step_ms + 1e-3);
  return Math.max(0, Math.min(ask.wanted, ceilingFor(window, ask) - sum(window.counts), inStep));
}

/** When a rolled window that gives nothing now may give a call. */
export function nextCallAt(window: CallWindow, ask: AskInSlots, window_ms: number): number {
  const inStepAt_ms = window.pacedUntil_ms - ask.depth_ms + ask.step_ms;
  const over = sum(window.counts) - ceilingFor(window, ask) + 1;
  let leaving = 0;
  let roomAt_ms = 0;
  for (let age = slotsKept - 1; age >= 0 && leaving < over; age -= 1) {
    leaving += window.counts[age] ?? 0;
    roomAt_ms = (window.slot - age + slotsKept) * (window_ms / slotsInWindow);
  }
  return Math.ceil(Math.max(ask.now_ms + 1, inStepAt_ms, roomAt_ms));
}

/** The instant at which the newest slot ends, and with it whatever was given in it. */
export function slotEnd_ms(window: CallWindow, window_ms: number): number {
  return (window.slot + 1) * (window_ms / slotsInWindow);
}

function ceilingFor({ peopleAt_ms }: CallWindow, { ceiling, now_ms }: AskInSlots): number {
  return peopleAt_ms > now_ms - peopleStay_ms ? ceiling.busy : ceiling.quiet;
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
