/** What the vendor last said of an allowance that lasts for hours (Salesforce: requests in 24 h). */
export interface Allowance {
  limit: number;
  remaining: number;
  at_ms: number;
  /** Earlier readings, 20 minutes or more apart, the newest first. Absent in what an older version stored. */
  marks?: readonly Reading[];
}

interface Reading {
  remaining: number;
  at_ms: number;
}

const tellEvery_ms = 10_000;
const markEvery_ms = 20 * 60_000;
/** A burst of less than an hour cannot touch all five stretches between six marks: it would have to fill three of them. */
const marksKept = 6;
/** Below this share there is no time to wait for more marks. */
const nearlyUsedUp = 0.1;

/** Takes in a reading. The same allowance where that is nothing new. */
export function afterReading(before: Allowance | null, said: Omit<Allowance, 'marks'>): Allowance {
  const { remaining, at_ms } = said;
  if (before && at_ms - before.at_ms < tellEvery_ms) return before;
  const marks = before?.marks ?? [];
  const [newest] = marks;
  const isDue = !newest || at_ms - newest.at_ms >= markEvery_ms;
  return { ...said, marks: isDue ? [{ remaining, at_ms }, ...marks].slice(0, marksKept) : marks };
}

/**
 * When the allowance will be used up if calls go on as they do; null: not in the next day, or nobody can tell yet. As they do: at the
 * rate that held throughout the last hundred minutes, so that a first load, or a bulk edit, is not taken for every hour's need.
 * Where little is left, at the rate of all that time together.
 */
export function usedUpAt_ms({ limit, remaining, at_ms, marks = [] }: Allowance): number | null {
  if (remaining === 0) return at_ms;
  const [newest] = marks;
  const oldest = marks.at(-1);
  if (!newest || !oldest || remaining > newest.remaining) return null;
  const isLow = remaining < limit * nearlyUsedUp;
  if (!isLow && marks.length < marksKept) return null;
  const rates = marks.slice(1).map((mark, at) => rate_perHour(mark, marks[at] ?? newest));
  const rate = isLow ? rate_perHour(oldest, { remaining, at_ms }) : Math.min(...rates);
  if (rate <= 0) return null;
  const left_hours = remaining / rate;
  return left_hours > 24 ? null : Math.round(at_ms + left_hours * 3_600_000);
}

/** Calls an hour over all that use the account; negative while more comes back than is used. */
function rate_perHour(from: Reading, to: Reading): number {
  const passed_ms = to.at_ms - from.at_ms;
  return passed_ms === 0 ? 0 : ((from.remaining - to.remaining) / passed_ms) * 3_600_000;
}
