import { afterReading, type Allowance } from './allowance.ts';
import { backOff_ms } from './back-off.ts';

/**
 * What all processes know of an account at its vendor, beside how many calls are left in a window. Pure steps: a store keeps the
 * result by compare-and-swap, so that two processes cannot undo one another.
 */
export interface AccountState {
  /** No calls before this, by the vendor's own word (Retry-After, a limit reached). Never shortened. */
  closedUntil_ms: number;
  /** The vendor has been down this many times in a row; 0: it answers. */
  trips: number;
  /** While `trips` > 0: no calls before this; then one alone, the probe. */
  downUntil_ms: number;
  allowance: Allowance | null;
}

export const openAccount: AccountState = { closedUntil_ms: 0, trips: 0, downUntil_ms: 0, allowance: null };

export function closedUntil(state: AccountState, until_ms: number): AccountState {
  return until_ms > state.closedUntil_ms ? { ...state, closedUntil_ms: until_ms } : state;
}

const firstDown_ms = 2_000;
const longestDown_ms = 60_000;
/** A probe that nobody heard of again counts as failed after this. */
const probe_ms = 35_000;

/** The vendor is down (again): closed for 2 s, twice as long each time, up to a minute; `chance` of [0, 1) takes off up to half. */
export function down(state: AccountState, now_ms: number, chance: number): AccountState {
  const whole_ms = backOff_ms(firstDown_ms, longestDown_ms, state.trips);
  return { ...state, trips: state.trips + 1, downUntil_ms: Math.ceil(now_ms + whole_ms * (1 - chance / 2)) };
}

/** Who makes this step makes the one call that finds out. Undefined while it is too early, or the vendor is not down. */
export function probing(state: AccountState, now_ms: number): AccountState | undefined {
  if (state.trips === 0 || state.downUntil_ms > now_ms) return undefined;
  return { ...state, downUntil_ms: now_ms + probe_ms };
}

export function answering(state: AccountState): AccountState {
  return { ...state, trips: 0, downUntil_ms: 0 };
}

/** Takes in what an answer said of the allowance. The same state where that is nothing new. */
export function told(state: AccountState, said: { limit: number; remaining: number; at_ms: number }): AccountState {
  const allowance = afterReading(state.allowance, said);
  return allowance === state.allowance ? state : { ...state, allowance };
}
