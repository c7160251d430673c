import type { KindMapping, Mappings, ObjectMapping } from '../protocol/mapping.ts';
import type { Kind, Vendor } from '../protocol/nouns.ts';
import type { Mapper } from '../protocol/ports/mapper.ts';
import { sideFieldName } from '../protocol/side-field-name.ts';
import { codecs } from './codecs.ts';
import { matchKeysOf } from './match-keys.ts';
import { toCanonical } from './to-canonical.ts';
import { defaultsOnCreate, toVendor } from './to-vendor.ts';

/** The mapper over checked mappings. */
export function createMapper(mappings: Mappings): Mapper {
  const kinds = Object.values(mappings.kinds);
  const objectIn = (mapping: KindMapping, vendor: Vendor, object: string): ObjectMapping | undefined =>
    mapping.objects[vendor]?.find((one) => one.object === object);
  const needed = (kind: Kind, vendor: Vendor, object: string): ObjectMapping => {
    const found = objectIn(mappings.kinds[kind], vendor, object);
    if (!found) throw new RangeError(`${kind} does not live in ${vendor} ${object}`);
    return found;
  };

  return {
    mappings,
    target(kind, vendor, chosen) {
      const objects = mappings.kinds[kind].objects[vendor] ?? [];
      return chosen === undefined ? objects[0] : objects.find((one) => one.object === chosen);
    },
    kindOf: (vendor, object) => kinds.find((mapping) => objectIn(mapping, vendor, object)),
    fieldsToRead(kind, vendor, object, edges) {
      const target = needed(kind, vendor, object);
      const mapped = mappings.kinds[kind].fields.flatMap((field) => {
        const side = field.sides[vendor];
        const name = side?.direction === 'out' ? undefined : sideFieldName(side, object);
        const isEdge = name !== undefined && /^associations?:|^contactRoles$/.test(name);
        return name === undefined || (isEdge && !edges) ? [] : [name];
      });
      return [...new Set([...mapped, ...Object.values(target.facts), target.idField])];
    },
    toCanonical: (about, row, resolve) =>
      toCanonical(
        about,
        needed(about.kind, about.vendor, about.object),
        mappings.kinds[about.kind].fields,
        row,
        resolve,
        (to) => mappings.kinds[to].objects[about.vendor]?.[0]?.object,
      ),
    toVendor: (about, values, resolve, description) =>
      toVendor(about, mappings.kinds[about.kind].fields, values, resolve, description),
    normalise: (kind, fields) =>
      Object.fromEntries(
        Object.entries(fields).map(([name, value]) => {
          const type = mappings.kinds[kind].fields.find((field) => field.name === name)?.type;
          const plain = type === undefined || type === 'option' || type === 'reference' || type === 'references';
          return [name, plain ? value : (codecs[type].read(value) ?? null)];
        }),
      ),
    onCreate: (about, fields, now_ms) =>
      defaultsOnCreate(needed(about.kind, about.vendor, about.object).onCreate, fields, now_ms),
    matchKeys: (kind, fields) => mappings.kinds[kind].match.map((rule) => matchKeysOf(rule, fields)),
  };
}
