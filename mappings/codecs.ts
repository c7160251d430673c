import { getHostname } from 'tldts';
import type { Value, VendorValue } from '../protocol/fields.ts';
import type { FieldType } from '../protocol/mapping.ts';
import type { Vendor } from '../protocol/nouns.ts';

/**
 * A value's way between a vendor's form and ours. HubSpot's properties are strings; Salesforce's are typed JSON.
 * `read` answers undefined for a value that is none of the type: it is then unreadable, which is not the same as blank.
 */
export interface Codec {
  read(raw: VendorValue): Value | undefined;
  write(value: Value, vendor: Vendor): VendorValue;
}

const blank = (raw: VendorValue): boolean => raw === null || raw === '';

const text: Codec = {
  read: (raw) => (blank(raw) ? null : String(raw).trim() || null),
  write: (value) => value,
};

const email: Codec = { ...text, read: (raw) => (blank(raw) ? null : String(raw).trim().toLowerCase()) };

/** `https://www.Northwind.example/about` and `northwind.example` are one domain. */
const domain: Codec = {
  ...text,
  read: (raw) =>
    blank(raw)
      ? null
      : (getHostname(String(raw).trim())
          ?.replace(/^www\./, '')
          .toLowerCase() ?? undefined),
};

const integer: Codec = {
  read: (raw) => {
    if (blank(raw)) return null;
    const number = Number(raw);
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
  const plain = /e/i.test(written) ? expand(written) : written.trim();
  const match = /^([+-]?)0*(\d+)(?:\.(\d*?)0*)?$/.exec(plain ?? '');
  if (!match) return undefined;
  const [, sign, whole, fraction] = match as unknown as [string, string, string, string | undefined];
  const digits = fraction ? `${whole}.${fraction}` : whole;
  return sign === '-' && digits !== '0' ? `-${digits}` : digits;
}

function expand(written: string): string | undefined {
  const number = Number(written);
  return Number.isFinite(number)
    ? number.toLocaleString('en-US', { useGrouping: false, maximumFractionDigits: 20 })
    : undefined;
}

/** A calendar day. HubSpot keeps days as instants at midnight UTC; Salesforce as `YYYY-MM-DD`. */
const date: Codec = {
  read: (raw) => {
    if (blank(raw)) return null;
    const written = String(raw);
    if (/^\d{4}-\d{2}-\d{2}$/.test(written)) return written;
    return toInstant(written)?.slice(0, 10);
  },
  write: (value, vendor) => (value !== null && vendor === 'hubspot' ? `${String(value)}T00:00:00.000Z` : value),
};

const instant: Codec = {
  read: (raw) => (blank(raw) ? null : toInstant(String(raw))),
  write: (value) => value,
};

/**
 * Salesforce writes `+0000` and keeps whole seconds; HubSpot ISO or milliseconds since 1970. The canonical form is the
 * coarser one: a value would otherwise differ from its own image.
 */
function toInstant(written: string): string | undefined {
  const time_ms = /^\d{10,}$/.test(written)
    ? Number(written)
    : Date.parse(written.replace(/([+-]\d{2})(\d{2})$/, '$1:$2'));
  return Number.isNaN(time_ms) ? undefined : new Date(Math.floor(time_ms / 1000) * 1000).toISOString();
}

const boolean: Codec = {
  read: (raw) => {
    if (blank(raw)) return null;
    const written = String(raw).toLowerCase();
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
