import { getHostname } from 'tldts';
import type { Value, VendorValue } from '../protocol/fields.ts';
import type { FieldType } from '../protocol/mapping.ts';
import type { Vendor } from '../protocol/nouns.ts';
import { toInstant } from './to-instant.ts';

/**
 * A value's way between a vendor's form and ours. HubSpot's properties are strings; Salesforce's are typed JSON.
 * `read` answers undefined for a value that is none of the type: it is then unreadable, which is not the same as blank.
 */
export interface Codec {
  readonly read: (raw: VendorValue) => Value | undefined;
  readonly write: (value: Value, vendor: Vendor) => VendorValue;
}

/** Text as the database keeps it, which drops NUL and halves of surrogate pairs: what is left has no blank ends either. */
const storable = (raw: VendorValue): string => String(raw).replaceAll('\0', '').toWellFormed().trim();

const blank = (raw: VendorValue): boolean => raw === null || storable(raw) === '';

/** Salesforce may give line breaks back as CRLF: they are no edit. */
const text: Codec = {
  read: (raw) => (blank(raw) ? null : storable(raw).replaceAll('\r\n', '\n')),
  write: (value) => value,
};

const email: Codec = { ...text, read: (raw) => (blank(raw) ? null : storable(raw).toLowerCase()) };

/** `https://www.Northwind.example/about` and `northwind.example` are one domain. */
const domain: Codec = {
  ...text,
  read: (raw) =>
    blank(raw)
      ? null
      : (getHostname(storable(raw))
          ?.replace(/^www\./, '')
          .toLowerCase() ?? undefined),
};

const integer: Codec = {
  read: (raw) => {
    if (blank(raw)) return null;
    // HubSpot and Salesforce keep whole numbers in fields with decimals: `250.0` is 250.
    const number = Number(normaliseDecimal(String(raw)) ?? Number.NaN);
    return Number.isSafeInteger(number) ? number : undefined;
  },
  write: (value, vendor) => (value !== null && vendor === 'hubspot' ? String(value) : value),
};

/** Decimals are strings: a float would change money. `48000.00`, `48000` and `4.8e4` are one value. */
const decimal: Codec = {
  read: (raw) => (blank(raw) ? null : normaliseDecimal(String(raw))),
  write: (value, vendor) => (value === null || vendor === 'hubspot' ? value : Number(value)),
};

function normaliseDecimal(written: string): string | undefined {
  const plain = written.trim();
  const match = /^([+-]?)0*(\d+|(?=\.\d))(?:\.(\d*?)0*)?$/.exec(
    /^[+-]?[\d.]+e[+-]?\d+$/i.test(plain) ? expand(plain) : plain,
  );
  if (!match) return undefined;
  const [, sign, whole, fraction] = match as unknown as [string, string, string, string | undefined];
  const digits = fraction ? `${whole || '0'}.${fraction}` : whole || '0';
  return sign === '-' && digits !== '0' ? `-${digits}` : digits;
}

/** `4.8e4` in plain digits; what is no number stays as no number. */
function expand(written: string): string {
  return Number(written).toLocaleString('en-US', { useGrouping: false, maximumFractionDigits: 20 });
}

/** A calendar day. HubSpot keeps days as instants at midnight UTC; Salesforce as `YYYY-MM-DD`. */
const date: Codec = {
  read: (raw) => {
    if (blank(raw)) return null;
    return toInstant(String(raw))?.slice(0, 10);
  },
  write: (value, vendor) => (value !== null && vendor === 'hubspot' ? `${String(value)}T00:00:00.000Z` : value),
};

const instant: Codec = {
  read: (raw) => (blank(raw) ? null : toInstant(String(raw))),
  write: (value) => value,
};

const boolean: Codec = {
  read: (raw) => {
    if (blank(raw)) return null;
    const written = String(raw).trim().toLowerCase();
    return written === 'true' ? true : written === 'false' ? false : undefined;
  },
  write: (value, vendor) => (value !== null && vendor === 'hubspot' ? String(value) : value),
};

/** References and options need more than the value: the mapper handles them. */
export const codecs: Readonly<Record<Exclude<FieldType, 'reference' | 'references' | 'option'>, Codec>> = {
  text,
  long_text: text,
  html: text,
  phone: text,
  email,
  domain,
  integer,
  decimal,
  date,
  instant,
  boolean,
};
