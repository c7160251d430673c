import type { Catalogue } from '../catalogues/catalogue.ts';
import { chooseCatalogue } from '../catalogues/choose-catalogue.ts';

const SECOND_MS = 1_000;
const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 365 * 86_400_000],
  ['month', 30 * 86_400_000],
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', SECOND_MS],
];

/** A user's language: the catalogue, and dates, money and numbers as that locale writes them. */
export interface Texts {
  catalogue: Catalogue;
  /** Puts values in the places of `{name}`. */
  fill(text: string, values: Record<string, string>): string;
  count(forms: { one: string; other: string }, count: number): string;
  /** `2 hours ago` for an ISO instant; the text as it is when it is no date. */
  ago(instant: string): string;
  date(instant: string): string;
  /** Day and time. */
  moment(instant: string): string;
  duration(span_ms: number): string;
  /** A decimal text with its ISO currency; without one, the number alone. */
  money(amount: string, currency: string | null): string;
}

/** HubSpot writes `en-us`, older accounts `en_US`; an unknown tag falls back to English. */
const knownLocale = (locale: string | undefined): string => {
  try {
    return Intl.getCanonicalLocales((locale ?? 'en').replaceAll('_', '-'))[0] ?? 'en';
  } catch {
    return 'en';
  }
};

export const createTexts = (userLocale: string | undefined, now_ms: () => number = Date.now): Texts => {
  const locale = knownLocale(userLocale);
  const catalogue = chooseCatalogue(locale);
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  const plural = new Intl.PluralRules(locale);
  const fill: Texts['fill'] = (text, values) => text.replace(/\{(\w+)\}/g, (mark, name: string) => values[name] ?? mark);

  const number = (value: number, options?: Intl.NumberFormatOptions): string =>
    new Intl.NumberFormat(locale, options).format(value);

  return {
    catalogue,
    fill,
    count: (forms, count) =>
      fill(plural.select(count) === 'one' ? forms.one : forms.other, { count: number(count) }),
    ago: (instant) => {
      const since_ms = Date.parse(instant) - now_ms();
      if (Number.isNaN(since_ms)) return instant;
      const [unit, size_ms] = UNITS.find(([, size]) => Math.abs(since_ms) >= size) ?? ['second', SECOND_MS];
      return relative.format(Math.round(since_ms / size_ms), unit);
    },
    date: (instant) => {
      const time_ms = Date.parse(instant);
      if (Number.isNaN(time_ms)) return instant;
      // A calendar day has no time zone: read as UTC midnight, it must be written as UTC too.
      const timeZone = instant.length === 10 ? 'UTC' : undefined;
      return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone }).format(time_ms);
    },
    moment: (instant) => {
      const time_ms = Date.parse(instant);
      if (Number.isNaN(time_ms)) return instant;
      return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' }).format(time_ms);
    },
    duration: (span_ms) =>
      span_ms < SECOND_MS
        ? number(Math.round(span_ms), { style: 'unit', unit: 'millisecond' })
        : number(span_ms / SECOND_MS, { style: 'unit', unit: 'second', maximumFractionDigits: 1 }),
    money: (amount, currency) => {
      const value = Number(amount);
      if (amount.trim() === '' || Number.isNaN(value)) return amount;
      if (currency === null || !/^[A-Z]{3}$/.test(currency)) return number(value);
      return number(value, { style: 'currency', currency, trailingZeroDisplay: 'stripIfInteger' } as Intl.NumberFormatOptions);
    },
  };
};
