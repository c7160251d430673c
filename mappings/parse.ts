import { LineCounter, parseDocument, type Document } from 'yaml';
import type {
  FieldMapping,
  KindMapping,
  MatchRule,
  ObjectMapping,
  OnCreate,
  SideField,
  StageTrigger,
} from '../protocol/mapping.ts';
import type { Vendor } from '../protocol/nouns.ts';
import { mappingFileSchema, type MappingFile } from './schema.ts';

/** One fault of a mapping file, where a person finds it. Lines and columns count from 1. */
export interface MappingFault {
  file: string;
  line: number;
  column: number;
  message: string;
}

export interface ParsedMapping {
  mapping: KindMapping;
  triggers: StageTrigger[];
}

const vendors: readonly Vendor[] = ['hubspot', 'salesforce'];

/** Reads one mapping file. All its faults are listed at once; without any, `parsed` is there. */
export function parseMapping(file: string, text: string): { parsed?: ParsedMapping; faults: MappingFault[] } {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number, message: string): MappingFault => {
    const position = lines.linePos(offset);
    return { file, line: position.line, column: position.col, message };
  };
  if (document.errors.length > 0) return { faults: document.errors.map((error) => at(error.pos[0], error.message)) };

  const checked = mappingFileSchema.safeParse(document.toJS());
  if (!checked.success)
    return {
      faults: checked.error.issues.map((issue) =>
        at(offsetOf(document, issue.path as (string | number)[]), `${issue.path.join('.')}: ${issue.message}`),
      ),
    };
  const faults = meaningFaults(checked.data).map(({ path, message }) =>
    at(offsetOf(document, path), `${path.join('.')}: ${message}`),
  );
  return faults.length > 0 ? { faults } : { parsed: compile(checked.data), faults: [] };
}

/** The position of the deepest node on the path that exists: a missing key is shown at its parent. */
function offsetOf(document: Document, path: readonly (string | number)[]): number {
  for (let depth = path.length; depth > 0; depth -= 1) {
    const node = document.getIn(path.slice(0, depth), true) as { range?: [number, number, number] } | undefined;
    if (node?.range) return node.range[0];
  }
  return 0;
}

/** What the shape alone cannot say. */
function meaningFaults(file: MappingFile): { path: (string | number)[]; message: string }[] {
  const faults: { path: (string | number)[]; message: string }[] = [];
  for (const [name, field] of Object.entries(file.fields)) {
    const path = ['fields', name];
    if (!field.hubspot && !field.salesforce)
      faults.push({ path, message: 'names no field of HubSpot or Salesforce; add one or remove it' });
    const isReference = field.type === 'reference' || field.type === 'references';
    if (isReference !== (field.to !== undefined))
      faults.push({ path, message: 'a reference says which kind it refers to (`to`), other types do not' });
    if ((field.type === 'option') !== (field.values !== undefined))
      faults.push({ path, message: '`values` belongs to type option, and an option needs it' });
    if (field.rule === 'forward-only' && field.order.length === 0)
      faults.push({ path, message: 'rule forward-only needs `order`' });
    for (const vendor of vendors)
      faults.push(
        ...doubleValues(vendor, field.values ?? {}).map((message) => ({ path: [...path, 'values'], message })),
      );
  }
  for (const [index, rule] of file.match.entries())
    for (const name of 'same' in rule ? rule.same : [rule.field, ...(rule.unless ? [rule.unless] : [])])
      if (!file.fields[name]) faults.push({ path: ['match', index], message: `no field is called ${name}` });
  for (const [job, when] of Object.entries(file.triggers))
    for (const name of Object.keys(when))
      if (!file.fields[name]) faults.push({ path: ['triggers', job], message: `no field is called ${name}` });
  for (const vendor of vendors)
    for (const [index, object] of (file.objects[vendor] ?? []).entries())
      for (const [name, text] of Object.entries(object.onCreate))
        if (!onCreate(name, text))
          faults.push({ path: ['objects', vendor, index, 'onCreate', name], message: `cannot read "${text}"` });
  return faults;
}

function doubleValues(vendor: Vendor, values: NonNullable<MappingFile['fields'][string]['values']>): string[] {
  const seen = new Set<string>();
  return Object.values(values).flatMap((sides) =>
    [sides[vendor] ?? []].flat().flatMap((value) => {
      if (seen.has(value)) return [`${vendor} value "${value}" stands for two values`];
      seen.add(value);
      return [];
    }),
  );
}

/** `today + 90 days`, `local part of FIELD`, or a constant; undefined when it looks like one of the first two and is not. */
function onCreate(field: string, text: string): OnCreate | undefined {
  const days = /^today \+ (\d+) days$/.exec(text);
  if (days) return { field, from: 'today-plus-days', days: Number(days[1]) };
  const source = /^local part of (\S+)$/.exec(text);
  if (source) return { field, from: 'local-part-of', source: source[1] as string };
  return /^(today|local part)/.test(text) ? undefined : { field, from: 'constant', value: text };
}

function compile(file: MappingFile): ParsedMapping {
  const objects = Object.fromEntries(
    vendors.flatMap((vendor) => (file.objects[vendor] ? [[vendor, file.objects[vendor].map(objectMapping)]] : [])),
  );
  const mapping: KindMapping = {
    kind: file.kind,
    ours: file.ours,
    objects,
    match: file.match.map(matchRule),
    fields: Object.entries(file.fields).map(([name, field]) => fieldMapping(name, field)),
  };
  const triggers = Object.entries(file.triggers).flatMap(([job, when]) =>
    Object.entries(when).map(([field, value]) => ({ job, kind: file.kind, field, value })),
  );
  return { mapping, triggers };
}

function objectMapping(object: NonNullable<MappingFile['objects']['hubspot']>[number]): ObjectMapping {
  const defaults = Object.entries(object.onCreate).flatMap(([field, text]) => onCreate(field, text) ?? []);
  return { object: object.object, idField: object.id, facts: object.facts, onCreate: defaults };
}

function matchRule(rule: MappingFile['match'][number]): MatchRule {
  if ('same' in rule) return { by: 'reference-and-name', reference: rule.same[0], name: rule.same[1] };
  return { by: 'field', field: rule.field, unless: rule.unless ?? null };
}

function fieldMapping(name: string, field: MappingFile['fields'][string]): FieldMapping {
  const side = (vendor: Vendor): SideField | undefined => {
    const where = field[vendor];
    if (where === undefined) return undefined;
    const values =
      field.values &&
      Object.fromEntries(
        Object.entries(field.values).flatMap(([value, sides]) =>
          sides[vendor] ? [[value, [sides[vendor]].flat()]] : [],
        ),
      );
    return { field: where, direction: field.direction?.[vendor] ?? 'both', values: values ?? null };
  };
  const sides = Object.fromEntries(vendors.flatMap((vendor) => (side(vendor) ? [[vendor, side(vendor)]] : [])));
  return {
    name,
    type: field.type,
    rule: field.rule,
    tie: field.tie,
    group: field.group ?? null,
    order: field.order,
    to: field.to ?? null,
    sides,
  };
}
