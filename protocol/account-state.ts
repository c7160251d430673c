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
  /** What the vendor last said of an allowance that lasts for hours (Salesforce: requests in 24 h). */
  allowance: Allowance | null;
}

export interface Allowance {
  limit: number;
  remaining: number;
  at_ms: number;
  /** Calls an hour, over all that use the account, smoothed over about an hour; negative while more comes back than is used. */
  rate_perHour: number | null;
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

const tellEvery_ms = 10_000;
const smoothing_ms = 3_600_000;

/** Takes in what an answer said of the allowance. The same state where that is nothing new. */
export function told(state: AccountState, said: { limit: number; remaining: number; at_ms: number }): AccountState {
  const { allowance: before } = state;
  if (!before) return { ...state, allowance: { ...said, rate_perHour: null } };
  const passed_ms = said.at_ms - before.at_ms;
  if (passed_ms < tellEvery_ms) return state;
  const now_perHour = ((before.remaining - said.remaining) / passed_ms) * 3_600_000;
  const weight = 1 - Math.exp(-passed_ms / smoothing_ms);
  const { rate_perHour } = before;
  const smooth = rate_perHour === null ? now_perHour : rate_perHour * (1 - weight) + now_perHour * weight;
  return { ...state, allowance: { ...said, rate_perHour: smooth } };
}

/** When the allowance will be used up if calls go on as in the last hour or so; null: not in the next day. */
export function usedUpAt_ms({ remaining, at_ms, rate_perHour }: Allowance): number | null {
  if (remaining === 0) return at_ms;
  if (rate_perHour === null || rate_perHour <= 0) return null;
  const left_hours = remaining / rate_perHour;
  return left_hours > 24 ? null : Math.round(at_ms + left_hours * 3_600_000);
}
