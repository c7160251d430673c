import type { CrmObject, Property } from './api.ts';
import { choices, type Directory } from './directory.ts';
import { locale } from './place.ts';

/** A property's value as a person reads it; an empty text where there is none. */
export function show(directory: Directory, property: Property, deal: CrmObject): string {
  const value = deal.properties[property.name];
  if (value === null || value === undefined || value === '') return '';
  const choice = choices(directory, property)?.find((one) => one.value === value);
  if (choice) return choice.label;
  if (property.type === 'datetime' || property.type === 'date') return showDate(value);
  if (property.name === 'amount') return showMoney(value, deal.properties['deal_currency_code']);
  if (property.type === 'number') return new Intl.NumberFormat(locale).format(Number(value));
  return value;
}

function showMoney(amount: string, currency: string | null | undefined): string {
  const options: Intl.NumberFormatOptions = currency ? { style: 'currency', currency, maximumFractionDigits: 2 } : {};
  return new Intl.NumberFormat(locale, {
    ...options,
    trailingZeroDisplay: 'stripIfInteger',
  }).format(Number(amount));
}

export function showDate(value: string): string {
  const time_ms = Date.parse(value);
  // HubSpot keeps dates as UTC midnight: written in UTC they stay that day everywhere.
  const timeZone = time_ms % 86_400_000 === 0 ? 'UTC' : undefined;
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', ...(timeZone && { timeZone }) }).format(time_ms);
}
