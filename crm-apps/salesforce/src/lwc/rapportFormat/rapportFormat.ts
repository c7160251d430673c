import locale from '@salesforce/i18n/locale';
import timeZone from '@salesforce/i18n/timeZone';
import { term } from 'c/rapportTerms';

const MAX_VALUE_CHARACTERS = 80;

const fourOClock = new Date(2026, 0, 1, 4);
/** How the user's language writes hours: `04:15`, `4:15 AM`. */
export const hourStyle =
  new Intl.DateTimeFormat(locale, { timeStyle: 'short' }).formatToParts(fourOClock).find(({ type }) => type === 'hour')
    ?.value.length === 2
    ? '2-digit'
    : 'numeric';

/** A duration in the user's language: `740 ms`, `3.2 sec`, `5 min`. */
export function formatDuration(duration_ms: number): string {
  const [value, unit] =
    duration_ms < 1_000
      ? [duration_ms, 'millisecond']
      : duration_ms < 90_000
        ? [duration_ms / 1_000, 'second']
        : [duration_ms / 60_000, 'minute'];
  return new Intl.NumberFormat(locale, { style: 'unit', unit, maximumFractionDigits: 1 }).format(value);
}

export function formatNumber(value: number): string {
  return new Intl.NumberFormat(locale).format(value);
}

/** A canonical field's value as a person reads it; a value that does not parse is shown as it is. */
export function formatValue(field: string, value: string): string {
  if (field === 'stage') return term('stage', value);
  if (field === 'amount' && Number.isFinite(Number(value))) return formatNumber(Number(value));
  if ((field === 'closeDate' || field === 'researchedAt') && !Number.isNaN(Date.parse(value))) {
    const wholeDay = /^\d{4}-\d{2}-\d{2}$/.test(value);
    const options: Intl.DateTimeFormatOptions = wholeDay
      ? { dateStyle: 'medium', timeZone: 'UTC' }
      : { dateStyle: 'medium', timeStyle: 'short', timeZone };
    return new Intl.DateTimeFormat(locale, options).format(new Date(value));
  }
  return value.length > MAX_VALUE_CHARACTERS ? `${value.slice(0, MAX_VALUE_CHARACTERS)}…` : value;
}
