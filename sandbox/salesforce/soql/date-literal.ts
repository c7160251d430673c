/** A span of time, `from` included and `to` not, in milliseconds. */
export interface Span {
  from_ms: number;
  to_ms: number;
}

type Unit = 'DAY' | 'WEEK' | 'MONTH' | 'QUARTER' | 'YEAR';

const day_ms = 86_400_000;

/** The start of the unit that is `shift` units from the one `now_ms` lies in. Weeks begin on Sunday (locale en_US). */
function startOf(unit: Unit, now_ms: number, shift: number): number {
  const now = new Date(now_ms);
  const [year, month, date] = [now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate()];
  switch (unit) {
    case 'DAY':
      return Date.UTC(year, month, date + shift);
    case 'WEEK':
      return Date.UTC(year, month, date - now.getUTCDay() + 7 * shift);
    case 'MONTH':
      return Date.UTC(year, month + shift, 1);
    case 'QUARTER':
      return Date.UTC(year, month - (month % 3) + 3 * shift, 1);
    case 'YEAR':
      return Date.UTC(year + shift, 0, 1);
  }
}

const units = (unit: Unit, now_ms: number, from: number, to: number): Span => ({
  from_ms: startOf(unit, now_ms, from),
  to_ms: startOf(unit, now_ms, to),
});

/**
 * The span of a date literal such as TODAY, LAST_MONTH, LAST_N_DAYS:30. Days are UTC days, the time zone of the integration
 * user; fiscal years are calendar years, as in a fresh org. Undefined for an unknown literal.
 * Source: SOQL reference, date formats and date literals (LAST_N_DAYS includes today, the other LAST_N units do not
 * include the current one).
 */
export function dateLiteral(literal: string, now_ms: number): Span | undefined {
  const [name = '', count = ''] = literal.toUpperCase().replace('_FISCAL', '').split(':');
  const n = Number(count);
  if (name === 'TODAY') return units('DAY', now_ms, 0, 1);
  if (name === 'YESTERDAY') return units('DAY', now_ms, -1, 0);
  if (name === 'TOMORROW') return units('DAY', now_ms, 1, 2);
  if (name === 'LAST_90_DAYS') return { from_ms: startOf('DAY', now_ms, -90), to_ms: startOf('DAY', now_ms, 1) };
  if (name === 'NEXT_90_DAYS') return units('DAY', now_ms, 1, 91);

  const single = /^(THIS|LAST|NEXT)_(WEEK|MONTH|QUARTER|YEAR)$/.exec(name);
  if (single) {
    const shift = { THIS: 0, LAST: -1, NEXT: 1 }[single[1] as 'THIS' | 'LAST' | 'NEXT'];
    return units(single[2] as Unit, now_ms, shift, shift + 1);
  }
  if (count === '' || !Number.isInteger(n)) return undefined;
  const counted = /^(LAST_N|NEXT_N)_(DAY|WEEK|MONTH|QUARTER|YEAR)S$/.exec(name);
  if (counted) {
    const unit = counted[2] as Unit;
    if (counted[1] === 'NEXT_N') return units(unit, now_ms, 1, n + 1);
    const span = units(unit, now_ms, -n, 0);
    return unit === 'DAY' ? { from_ms: span.from_ms, to_ms: span.to_ms + day_ms } : span;
  }
  const ago = /^N_(DAY|WEEK|MONTH|QUARTER|YEAR)S_AGO$/.exec(name);
  return ago ? units(ago[1] as Unit, now_ms, -n, 1 - n) : undefined;
}
