import { isMap, isScalar, LineCounter, parseDocument, type Document, type Node } from 'yaml';
import type { z } from 'zod';
import type {
  FieldMapping,
  KindMapping,
  MatchRule,
  ObjectMapping,
  SideField,
  StageTrigger,
} from '../protocol/mapping.ts';
import type { Vendor } from '../protocol/nouns.ts';
import { meaningFaults } from './meaning-faults.ts';
import { onCreate } from './on-create.ts';
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
        at(positionOf(document, issue), [issue.path.join('.'), messageOf(issue)].filter(Boolean).join(': ')),
      ),
    };
  const faults = meaningFaults(checked.data).map(({ path, message }) =>
    at(offsetOf(document, path), `${path.join('.')}: ${message}`),
  );
  return faults.length > 0 ? { faults } : { parsed: compile(checked.data), faults: [] };
}

/** An unknown key is shown where it stands, not where its parent begins. */
function positionOf(document: Document, issue: z.core.$ZodIssue): number {
  const path = issue.path as (string | number)[];
  return issue.code === 'unrecognized_keys'
    ? (keyOf(document, [...path, issue.keys[0] as string])?.range?.[0] ?? 0)
    : offsetOf(document, path);
}

function messageOf(issue: z.core.$ZodIssue): string {
  return issue.code === 'invalid_key' ? (issue.issues[0]?.message ?? issue.message) : issue.message;
}

/**
 * The position of the deepest node on the path that exists: a plain value where it is written, anything larger at its
 * key. A missing key is shown at its parent.
 */
function offsetOf(document: Document, path: readonly (string | number)[]): number {
  for (let depth = path.length; depth > 0; depth -= 1) {
    const node = document.getIn(path.slice(0, depth), true) as Node | undefined;
    if (!node?.range) continue;
    const isWritten = isScalar(node) && depth === path.length && node.value !== null;
    return (isWritten ? node : (keyOf(document, path.slice(0, depth)) ?? node)).range?.[0] ?? 0;
  }
  return 0;
}

/** The key under which the path's last part stands; undefined in a list. */
function keyOf(document: Document, path: readonly (string | number)[]): Node | undefined {
  const parent = document.getIn(path.slice(0, -1), true);
  const pair = isMap(parent) ? parent.items.find((item) => String(item.key) === String(path.at(-1))) : undefined;
  return pair?.key as Node | undefined;
}

function compile(file: MappingFile): ParsedMapping {
  const objects = Object.fromEntries(
    vendors.flatMap((vendor) => (file.objects[vendor] ? [[vendor, file.objects[vendor].map(objectMapping)]] : [])),
  );
  const mapping: KindMapping = {
    kind: file.kind,
    ours: file.ours,
    onDelete: file.onDelete,
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
    return {
      field: where,
      direction: field.direction?.[vendor] ?? 'both',
      as: field.as?.[vendor] ?? null,
      values: values ?? null,
    };
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
