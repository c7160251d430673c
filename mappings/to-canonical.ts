import type { Fields, Value, VendorFields, VendorValue } from '../protocol/fields.ts';
import type { FieldMapping, ObjectMapping, SideField } from '../protocol/mapping.ts';
import type { Kind } from '../protocol/nouns.ts';
import type { Held, SideOfKind } from '../protocol/ports/mapper.ts';
import { sideFieldName } from '../protocol/side-field-name.ts';
import { codecOf } from './codec-of.ts';

type Resolve = (to: Kind, externalId: string) => string | undefined;
type Objects = (to: Kind) => string | undefined;
/** A set of which some elements are not known here yet is read as far as it is known, and held. */
type Read = { value?: Value; held?: Omit<Held, 'field' | 'value'> };

/** A vendor's row in canonical form. See Mapper.toCanonical. */
export function toCanonical(
  about: SideOfKind,
  object: ObjectMapping,
  mappings: readonly FieldMapping[],
  row: VendorFields,
  resolve: Resolve,
  objectOf: Objects,
): { fields: Fields; held: Held[]; facts: Record<string, string | null> } {
  const fields: Record<string, Value> = {};
  const held: Held[] = [];
  for (const mapping of mappings) {
    const side = mapping.sides[about.vendor];
    const name = sideFieldName(side, about.object);
    const raw = name === undefined ? undefined : row[name];
    if (!side || side.direction === 'out' || raw === undefined) continue;
    const read = readValue(mapping, side, raw, about.timeZone, resolve, objectOf);
    if (read.value !== undefined) fields[mapping.name] = read.value;
    if (read.held) held.push({ ...read.held, field: mapping.name, value: null });
  }
  const facts = Object.fromEntries(
    Object.entries(object.facts).flatMap(([name, field]) => {
      const raw = row[field];
      return raw === undefined ? [] : [[name, raw === null || raw === '' ? null : String(raw)]];
    }),
  );
  return { fields, held, facts };
}

function readValue(
  mapping: FieldMapping,
  side: SideField,
  raw: VendorValue,
  timeZone: string | null,
  resolve: Resolve,
  objectOf: Objects,
): Read {
  if (mapping.type === 'option') return readOption(side, raw);
  if (mapping.type === 'reference')
    return readReference(mapping, raw === '' ? null : (raw as string | null), resolve, objectOf);
  if (mapping.type === 'references') {
    const read = ((raw ?? []) as readonly string[]).map((id) => readReference(mapping, id, resolve, objectOf));
    const held = read.find((one) => one.held)?.held;
    // Two rows that were merged there are one record here.
    const ids = new Set(read.flatMap((one) => (one.value === undefined ? [] : [String(one.value)])));
    return { value: [...ids].sort(), ...(held && { held }) };
  }
  const value = codecOf(mapping.type, side, timeZone).read(raw);
  if (value !== undefined) return { value };
  return {
    held: {
      cause: 'unreadable',
      detail: `not a ${mapping.type}: ${String(raw).slice(0, 80)}`,
      remedy: 'Correct the value in the CRM.',
      waitsFor: null,
    },
  };
}

function readOption(side: SideField, raw: VendorValue): Read {
  if (raw === null || raw === '') return { value: null };
  const written = String(raw);
  const found = Object.entries(side.values ?? {}).find(([, values]) => values.includes(written));
  if (found) return { value: found[0] };
  return {
    held: {
      cause: 'unknown_option',
      detail: written,
      remedy: 'Add this value to the mapping, or choose a mapped one in the CRM.',
      waitsFor: null,
    },
  };
}

function readReference(mapping: FieldMapping, externalId: string | null, resolve: Resolve, objectOf: Objects): Read {
  if (externalId === null) return { value: null };
  const to = mapping.to as Kind;
  const recordId = resolve(to, externalId);
  if (recordId !== undefined) return { value: recordId };
  return {
    held: {
      cause: 'missing_parent',
      detail: `${to} ${externalId}`,
      remedy: 'Nothing to do: it follows when the record it belongs to is known.',
      waitsFor: `${objectOf(to) ?? to}:${externalId}`,
    },
  };
}
