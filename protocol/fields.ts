/**
 * A canonical value. `null` is "cleared". Instants are ISO strings in UTC of whole seconds, dates `YYYY-MM-DD`, decimals
 * strings without trailing zeros (never floats), references our record ids, sets of references sorted string arrays.
 */
export type Value = string | number | boolean | null | readonly string[];

/**
 * Values by field name. An absent key is neither a value nor "cleared": it was not readable (permission, not asked for),
 * and must never overwrite.
 */
export type Fields = Readonly<Record<string, Value>>;

/** Equality of canonical values. */
export function sameValue(a: Value, b: Value): boolean {
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, index) => item === b[index]);
  return a === b;
}

export function isBlank(value: Value | undefined): boolean {
  return value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);
}

/** A value in a vendor's own form, before mapping. */
export type VendorValue = string | number | boolean | null | readonly string[];
export type VendorFields = Readonly<Record<string, VendorValue>>;
