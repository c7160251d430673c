import { isBlank, type Fields } from '../protocol/fields.ts';
import type { MatchRule } from '../protocol/mapping.ts';

/** `Müller & Söhne GmbH ` and `muller & sohne gmbh` are one name. */
function normaliseName(name: string): string {
  return name.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase().replaceAll(/\s+/g, ' ').trim();
}

/** The keys under which a record can be found by one match rule; none where the rule does not apply. */
export function matchKeysOf(rule: MatchRule, fields: Fields): string[] {
  if (rule.by === 'field') {
    const value = fields[rule.field];
    if (isBlank(value) || (rule.unless !== null && !isBlank(fields[rule.unless]))) return [];
    return [`${rule.field}=${normaliseName(String(value))}`];
  }
  const reference = fields[rule.reference];
  const name = fields[rule.name];
  return isBlank(reference) || isBlank(name)
    ? []
    : [`${rule.reference}=${String(reference)}&${rule.name}=${normaliseName(String(name))}`];
}
