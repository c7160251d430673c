import type { FieldDescribe, Row } from './api.ts';
import { locale } from './place.ts';

/** A field's value as the page shows it; the empty text for none. */
export function formatField(field: FieldDescribe, row: Row): string {
  const value = row[field.name];
  if (value === null || value === undefined) return '';
  if (field.type === 'currency') return formatMoney(value as number, row);
  if (field.type === 'percent') return `${textOf(value)}%`;
  if (field.type === 'date') return formatDate(textOf(value));
  if (field.type === 'datetime') return formatInstant(textOf(value));
  if (field.type === 'boolean') return value === true ? 'Yes' : 'No';
  return textOf(value);
}

/** A scalar as text; the empty text for none. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}

export function formatMoney(value: number, row: Row): string {
  const currency = typeof row['CurrencyIsoCode'] === 'string' ? row['CurrencyIsoCode'] : 'USD';
  return new Intl.NumberFormat(locale, { style: 'currency', currency }).format(value);
}

/** An ISO date, which has no time zone. */
export function formatDate(value: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' }).format(new Date(value));
}

export function formatInstant(value: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(value));
}
