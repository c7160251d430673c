import type { FieldDescription, ObjectDescription } from '../protocol/crm-connector.ts';
import type { Fields, Value, VendorFields, VendorValue } from '../protocol/fields.ts';
import type { FieldMapping, OnCreate, SideField } from '../protocol/mapping.ts';
import type { Kind } from '../protocol/nouns.ts';
import type { Held, SideOfKind } from '../protocol/ports/mapper.ts';
import { sideFieldName } from '../protocol/side-field-name.ts';
import { codecOf } from './codec-of.ts';

type Resolve = (to: Kind, recordId: string) => string | undefined;
/** `sent` is what of the canonical value stands in `value`: of a set, the elements that are there already. */
type Written = {
  value?: VendorValue;
  sent?: Value;
  held?: Pick<Held, 'cause' | 'detail' | 'remedy' | 'waitsFor'>;
};

/** Canonical values in a vendor's form. See Mapper.toVendor. */
export function toVendor(
  about: SideOfKind,
  mappings: readonly FieldMapping[],
  values: Fields,
  resolve: Resolve,
  description: ObjectDescription,
): { fields: VendorFields; sent: Fields; held: Held[] } {
  const fields: Record<string, VendorValue> = {};
  const sent: Record<string, Value> = {};
  const held: Held[] = [];
  for (const mapping of mappings) {
    const value = values[mapping.name];
    const side = mapping.sides[about.vendor];
    const name = sideFieldName(side, about.object);
    if (value === undefined || !side || name === undefined || side.direction === 'in') continue;
    const described = description.fields[name];
    const isReference = mapping.type === 'reference' || mapping.type === 'references';
    if (!isReference && !described?.writable) continue;
    const written = writeValue(mapping, side, value, about, resolve, described);
    if (written.held) held.push({ ...written.held, field: mapping.name, value });
    if (written.value !== undefined) {
      fields[name] = written.value;
      sent[mapping.name] = written.sent ?? value;
    }
  }
  // Half a group would stand beside the other half of what somebody else wrote there.
  const groups = new Set(
    mappings.flatMap(({ name, group }) => (held.some((one) => one.field === name) ? (group ?? []) : [])),
  );
  for (const mapping of mappings) {
    if (mapping.group === null || !groups.has(mapping.group)) continue;
    delete sent[mapping.name];
    delete fields[sideFieldName(mapping.sides[about.vendor], about.object) ?? ''];
  }
  return { fields, sent, held };
}

function writeValue(
  mapping: FieldMapping,
  side: SideField,
  value: Value,
  { vendor, timeZone }: SideOfKind,
  resolve: Resolve,
  described: FieldDescription | undefined,
): Written {
  if (mapping.type === 'reference')
    return value === null ? { value: null } : writeReference(mapping, String(value), resolve);
  if (mapping.type === 'references') {
    const written = ((value ?? []) as readonly string[]).map((id) => ({ id, ...writeReference(mapping, id, resolve) }));
    const there = written.filter((one) => one.value !== undefined);
    const held = written.find((one) => one.held)?.held;
    return {
      value: there.map((one) => String(one.value)).sort(),
      sent: there.map((one) => one.id),
      ...(held && { held }),
    };
  }
  if (mapping.type === 'option') return writeOption(side, value, described);
  const written = codecOf(mapping.type, side, timeZone).write(value, vendor);
  const limit = described?.maxLength;
  if (limit && typeof written === 'string' && written.length > limit)
    return {
      held: {
        cause: 'too_long',
        detail: `${written.length} characters, at most ${limit} fit`,
        remedy: 'Shorten the text in the other CRM.',
        waitsFor: null,
      },
    };
  return { value: written };
}

function writeOption(side: SideField, value: Value, described: FieldDescription | undefined): Written {
  if (value === null) return { value: null };
  const candidates = side.values?.[String(value)] ?? [];
  const options = described?.options;
  const written = options ? candidates.find((one) => options.some((option) => option.value === one)) : candidates[0];
  if (written !== undefined) return { value: written };
  return {
    held: {
      cause: 'unknown_option',
      detail: String(value),
      remedy: 'Add this value to the mapping, or to the field in the CRM.',
      waitsFor: null,
    },
  };
}

function writeReference(mapping: FieldMapping, recordId: string, resolve: Resolve): Written {
  const externalId = resolve(mapping.to as Kind, recordId);
  if (externalId !== undefined) return { value: externalId };
  return {
    held: {
      cause: 'missing_parent',
      detail: `${mapping.to} not there yet`,
      remedy: 'Nothing to do: it follows when the record it belongs to is there.',
      waitsFor: null,
    },
  };
}

/** Defaults for fields that a new row leaves blank. */
export function defaultsOnCreate(defaults: readonly OnCreate[], fields: VendorFields, now_ms: number): VendorFields {
  const added: Record<string, VendorValue> = {};
  for (const one of defaults) {
    const present = fields[one.field];
    if (present !== undefined && present !== null && present !== '') continue;
    if (one.from === 'constant') added[one.field] = one.value;
    if (one.from === 'today-plus-days')
      added[one.field] = new Date(now_ms + one.days * 86_400_000).toISOString().slice(0, 10);
    if (one.from === 'local-part-of') {
      const local = String(fields[one.source] ?? '').split('@')[0];
      if (local) added[one.field] = local;
    }
  }
  return added;
}
