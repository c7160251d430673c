import type { VendorValue } from '../../protocol/fields.ts';
import type { FieldMapping, Mappings } from '../../protocol/mapping.ts';
import type { Kind, Vendor } from '../../protocol/nouns.ts';
import { sideFieldName } from '../../protocol/side-field-name.ts';

/*
 * What the two CRMs should agree on, and when two of their values are one: written from the mappings' own data and their
 * README, without the hub's mapper, so that a fault of the mapper shows.
 */

/** A value in a form in which equal ones are equal texts; null: blank; undefined: none that can be compared. */
export type Form = string | null | undefined;

/** The objects in which an account keeps the kinds that people make. */
export function objectOf(mappings: Mappings, kind: Kind, vendor: Vendor): string {
  return mappings.kinds[kind].objects[vendor]?.[0]?.object ?? '';
}

/** The vendor's name of a field of a kind. */
export function nameAt(mappings: Mappings, kind: Kind, field: FieldMapping, vendor: Vendor): string | undefined {
  return sideFieldName(field.sides[vendor], objectOf(mappings, kind, vendor));
}

/** Plain fields: no references. */
export function plainFields(mappings: Mappings, kind: Kind): FieldMapping[] {
  return mappings.kinds[kind].fields.filter((field) => field.to === null);
}

/** A field with those of its group. */
export function unitOf(mappings: Mappings, kind: Kind, field: FieldMapping): FieldMapping[] {
  return plainFields(mappings, kind).filter(
    (one) => one === field || (one.group !== null && one.group === field.group),
  );
}

export function formOf(field: FieldMapping, vendor: Vendor, value: VendorValue): Form {
  if (value === null || value === '') return null;
  const text = String(value).replaceAll('\r\n', '\n').trim();
  if (text === '') return null;
  switch (field.type) {
    case 'option':
      return Object.entries(field.sides[vendor]?.values ?? {}).find(([, values]) => values.includes(text))?.[0];
    case 'integer':
    case 'decimal':
      return Number.isFinite(Number(text)) ? String(Number(text)) : undefined;
    case 'date':
    case 'instant':
      return dateForm(text, field.type === 'date' ? 10 : 19);
    case 'email':
      return text.toLowerCase();
    case 'domain':
      return text
        .toLowerCase()
        .replace(/^https?:\/\//, '')
        .replace(/^www\./, '')
        .replace(/\/.*$/, '');
    default:
      return text.toWellFormed();
  }
}

function dateForm(text: string, length: number): Form {
  const at_ms = /^-?\d+$/.test(text) ? Number(text) : Date.parse(text.replace(/([+-]\d{2})(\d{2})$/, '$1:$2'));
  return Number.isNaN(at_ms) ? undefined : new Date(at_ms).toISOString().slice(0, length);
}
