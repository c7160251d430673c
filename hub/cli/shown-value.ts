import type { Value } from '../../protocol/fields.ts';

/** A canonical value for people: records by their names, nothing as `nothing`. */
export function shownValue(value: Value, names: Readonly<Record<string, string>>): string {
  if (value === null) return 'nothing';
  const shown = [value].flat().map((one) => JSON.stringify(names[String(one)] || one));
  return Array.isArray(value) ? `[${shown.join(', ')}]` : shown.join();
}
