import { isBlank, sameValue, type Fields, type Value } from '../../protocol/fields.ts';
import type { FieldRule } from '../../protocol/mapping.ts';

/** Fields that are decided as one: a group of the mapping, under its first field's rule, or a single field. */
export interface Unit {
  rule: FieldRule;
  names: readonly string[];
}

export function unitsOf(rules: readonly FieldRule[]): Unit[] {
  const units = new Map<string, { rule: FieldRule; names: string[] }>();
  for (const rule of rules) {
    const key = rule.group === null ? `field ${rule.name}` : `group ${rule.group}`;
    const unit = units.get(key);
    if (unit) unit.names.push(rule.name);
    else units.set(key, { rule, names: [rule.name] });
  }
  return [...units.values()];
}

/** The unit without the fields that this observation could not read. */
export function readable(unit: Unit, observed: Fields): Unit {
  return { rule: unit.rule, names: unit.names.filter((name) => observed[name] !== undefined) };
}

/** A field that a side never had counts as blank when sides are compared. */
export function valueOf(fields: Fields, name: string): Value {
  return fields[name] ?? null;
}

export function sameField(a: Fields, b: Fields, name: string): boolean {
  return sameValue(valueOf(a, name), valueOf(b, name));
}

export function sameUnit(unit: Unit, a: Fields, b: Fields): boolean {
  return unit.names.every((name) => sameField(a, b, name));
}

export function blankUnit(unit: Unit, fields: Fields): boolean {
  return unit.names.every((name) => isBlank(fields[name]));
}
