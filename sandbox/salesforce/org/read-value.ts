import type { Field } from '../schema/field.ts';
import type { Row } from './row-store.ts';

/** A field of a row as the API shows it; compound addresses are put together from their parts, null if all are empty. */
export function readValue(row: Row, field: Field): unknown {
  if (field.type === 'address') return readAddress(row, field.name.slice(0, -'Address'.length));
  return row[field.name] ?? (field.type === 'boolean' ? false : null);
}

function readAddress(row: Row, prefix: string): Record<string, unknown> | null {
  const part = (name: string): unknown => row[prefix + name] ?? null;
  const parts = {
    city: part('City'),
    country: part('Country'),
    geocodeAccuracy: null,
    latitude: part('Latitude'),
    longitude: part('Longitude'),
    postalCode: part('PostalCode'),
    state: part('State'),
    street: part('Street'),
  };
  return Object.values(parts).some((value) => value !== null) ? parts : null;
}
