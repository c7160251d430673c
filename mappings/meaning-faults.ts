import type { FieldType, Rule } from '../protocol/mapping.ts';
import type { Vendor } from '../protocol/nouns.ts';
import { onCreate } from './on-create.ts';
import type { MappingFile } from './schema.ts';

export interface MeaningFault {
  path: (string | number)[];
  message: string;
}

type FieldEntry = MappingFile['fields'][string];

const vendors: readonly Vendor[] = ['hubspot', 'salesforce'];
const textTypes: ReadonlySet<FieldType> = new Set<FieldType>(['text', 'long_text', 'html']);
const setRules: ReadonlySet<Rule> = new Set<Rule>(['newest', 'hub', 'salesforce', 'hubspot', 'off']);

/** What the shape of a mapping file alone cannot say. */
export function meaningFaults(file: MappingFile): MeaningFault[] {
  return [
    ...Object.entries(file.fields).flatMap(([name, field]) => fieldFaults(file, name, field)),
    ...groupFaults(file),
    ...doubleFields(file),
    ...useFaults(file),
  ];
}

function fieldFaults(file: MappingFile, name: string, field: FieldEntry): MeaningFault[] {
  const path = ['fields', name];
  const faults: MeaningFault[] = [];
  const add = (wrong: boolean, message: string, ...deeper: (string | number)[]): void => {
    if (wrong) faults.push({ path: [...path, ...deeper], message });
  };
  const isReference = field.type === 'reference' || field.type === 'references';
  const isOrdered = field.rule === 'forward-only' || field.rule === 'most-restrictive';
  add(!field.hubspot && !field.salesforce, 'names no field of HubSpot or Salesforce; add one or remove it');
  add(isReference !== (field.to !== undefined), 'a reference says which kind it refers to (`to`), other types do not');
  add(
    (field.type === 'option') !== (field.values !== undefined),
    '`values` belongs to type option, and an option needs it',
  );
  add(isOrdered && field.order.length === 0, `rule ${field.rule} needs \`order\``);
  add(field.as !== undefined && field.type !== 'date', '`as` belongs to type date', 'as');
  add(field.rule === 'append' && !textTypes.has(field.type), 'rule append is for text');
  add(field.type === 'references' && !setRules.has(field.rule), `rule ${field.rule} is not for references`);
  for (const [index, value] of field.order.entries())
    add(field.values !== undefined && !field.values[value], `"${value}" is none of \`values\``, 'order', index);
  for (const vendor of vendors) {
    for (const message of doubleValues(vendor, field.values ?? {})) add(true, message, 'values');
    add(field[vendor] !== undefined && !file.objects[vendor], `the file names no object of ${vendor}`, vendor);
    add(field.direction?.[vendor] !== undefined && !field[vendor], `names no field of ${vendor}`, 'direction', vendor);
    add(field.as?.[vendor] !== undefined && !field[vendor], `names no field of ${vendor}`, 'as', vendor);
    for (const object of typeof field[vendor] === 'object' ? Object.keys(field[vendor]) : [])
      add(!file.objects[vendor]?.some((one) => one.object === object), `no object is called ${object}`, vendor, object);
  }
  return faults;
}

/** A group is decided as one, so its fields cannot say different things about how. */
function groupFaults(file: MappingFile): MeaningFault[] {
  const first = new Map<string, { name: string; field: FieldEntry }>();
  return Object.entries(file.fields).flatMap(([name, field]) => {
    if (field.group === undefined) return [];
    const path = ['fields', name];
    if (field.type === 'references') return [{ path, message: 'a set of references stands alone, in no group' }];
    if (field.rule === 'append') return [{ path, message: 'rule append is for a field in no group' }];
    const leader = first.get(field.group);
    if (!leader) first.set(field.group, { name, field });
    return leader && (leader.field.rule !== field.rule || leader.field.tie !== field.tie)
      ? [{ path, message: `\`rule\` and \`tie\` of a group are the same in all its fields, as in ${leader.name}` }]
      : [];
  });
}

/** One vendor field written by two fields of ours would be fought over for ever. */
function doubleFields(file: MappingFile): MeaningFault[] {
  const seen = new Map<string, string>();
  return Object.entries(file.fields).flatMap(([name, field]) =>
    vendors.flatMap((vendor) => {
      const side = field[vendor];
      const named = typeof side === 'object' ? Object.entries(side) : side === undefined ? [] : [['', side] as const];
      return named.flatMap(([object, vendorField]) => {
        const key = `${vendor} ${object} ${vendorField}`;
        const other = seen.get(key);
        seen.set(key, name);
        if (other === undefined) return [];
        return [{ path: ['fields', name, vendor], message: `${vendorField} belongs to ${other} already` }];
      });
    }),
  );
}

/** Names that other parts of the file use. */
function useFaults(file: MappingFile): MeaningFault[] {
  const faults: MeaningFault[] = [];
  for (const [index, rule] of file.match.entries())
    for (const name of 'same' in rule ? rule.same : [rule.field, ...(rule.unless ? [rule.unless] : [])])
      if (!file.fields[name]) faults.push({ path: ['match', index], message: `no field is called ${name}` });
  for (const [job, when] of Object.entries(file.triggers))
    for (const [name, value] of Object.entries(when)) {
      const field = file.fields[name];
      const path = ['triggers', job, name];
      if (!field) faults.push({ path, message: `no field is called ${name}` });
      else if (field.values && !field.values[value]) faults.push({ path, message: `${name} never is "${value}"` });
    }
  for (const vendor of vendors)
    for (const [index, object] of (file.objects[vendor] ?? []).entries())
      for (const [name, text] of Object.entries(object.onCreate))
        if (!onCreate(name, text))
          faults.push({ path: ['objects', vendor, index, 'onCreate', name], message: `cannot read "${text}"` });
  return faults;
}

function doubleValues(vendor: Vendor, values: NonNullable<FieldEntry['values']>): string[] {
  const seen = new Set<string>();
  return Object.values(values).flatMap((sides) =>
    [sides[vendor] ?? []].flat().flatMap((value) => {
      if (seen.has(value)) return [`${vendor} value "${value}" stands for two values`];
      seen.add(value);
      return [];
    }),
  );
}
