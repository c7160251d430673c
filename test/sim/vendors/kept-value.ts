import type { VendorValue } from '../../../protocol/fields.ts';
import type { SimField } from './field.ts';
import { Refusal } from './refusal.ts';

/** The checks that both vendors make. `codes` are their names for them. */
export interface Codes {
  tooLong: string;
  badOption: string;
  badEmail: string;
  badNumber: string;
  badDate: string;
}

export function keptText(field: SimField, text: string, codes: Codes): string {
  if (field.maxLength !== null && text.length > field.maxLength)
    throw new Refusal(codes.tooLong, `${field.name}: data value too large (max length=${field.maxLength})`, field.name);
  return text.toWellFormed();
}

export function keptEmail(field: SimField, text: string, codes: Codes): string {
  const email = keptText(field, text.trim().toLowerCase(), codes);
  if (!/^[^\s@]+@[^\s@]+\.[^\s@.]{2,}$/.test(email))
    throw new Refusal(codes.badEmail, `${field.name}: invalid email address`, field.name);
  return email;
}

export function keptOption(field: SimField, text: string, codes: Codes): string {
  if (field.options?.includes(text)) return text;
  throw new Refusal(codes.badOption, `${field.name}: bad value for restricted picklist field`, field.name);
}

/** The number as it was written. */
export function keptNumber(field: SimField, sent: VendorValue, codes: Codes): string {
  const text = String(sent).trim();
  const isNumber = /^-?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text);
  if (isNumber && (field.type !== 'integer' || Number.isSafeInteger(Number(text)))) return text;
  throw new Refusal(codes.badNumber, `${field.name}: not a valid number`, field.name);
}

/** Milliseconds since 1970 of an instant or a day. */
export function keptInstant(field: SimField, sent: VendorValue, codes: Codes): number {
  const text = String(sent);
  const at_ms = /^-?\d+$/.test(text) ? Number(text) : Date.parse(text.replace(/([+-]\d{2})(\d{2})$/, '$1:$2'));
  if (!Number.isNaN(at_ms)) return at_ms;
  throw new Refusal(codes.badDate, `${field.name}: not a valid date`, field.name);
}

export function keptSet(sent: VendorValue): readonly string[] | null {
  const ids = [...new Set((Array.isArray(sent) ? sent : [String(sent)]) as readonly string[])].sort();
  return ids.length === 0 ? null : ids;
}
