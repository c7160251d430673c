import { isBlank, sameValue, type Fields, type Value } from '../../protocol/fields.ts';
import type { FieldRule } from '../../protocol/mapping.ts';
import { valueOf } from './units.ts';

/**
 * What to write to one side: the fields in which canonical and base differ, derived at sending time. Pure.
 * A field that this side never showed (not in its base) is not written, other than on a create. A value that the side
 * refused (`refused`) waits until it changes.
 */
export function deriveWrite(options: {
  rules: readonly FieldRule[];
  canonical: Fields;
  base: Fields | null;
  refused: ReadonlyMap<string, Value>;
}): Fields {
  const { rules, canonical, base, refused } = options;
  const values: Record<string, Value> = {};
  for (const { name, rule } of rules) {
    if (rule === 'off' || canonical[name] === undefined) continue;
    const value = canonical[name];
    const wanted = base === null ? !isBlank(value) : base[name] !== undefined && !sameValue(value, valueOf(base, name));
    const held = refused.get(name);
    if (wanted && (held === undefined || !sameValue(held, value))) values[name] = value;
  }
  return values;
}
