import { isBlank, sameValue, type Fields, type Value } from '../../protocol/fields.ts';
import type { FieldRule } from '../../protocol/mapping.ts';
import { sameField, unitsOf } from './units.ts';

/**
 * What to write to one side: the fields in which canonical and base differ, derived at sending time. Pure.
 * A group is written whole: a part of it could land beside another part that somebody has just edited there.
 * A field that this side never showed (not in its base) is not written, other than on a create or where it is the hub's
 * own and stands alone. A value that the side refused (`refused`) waits, with its group, until it changes.
 */
export function deriveWrite(options: {
  rules: readonly FieldRule[];
  canonical: Fields;
  base: Fields | null;
  refused: ReadonlyMap<string, Value>;
}): Fields {
  const { rules, canonical, base, refused } = options;
  const values: Record<string, Value> = {};
  for (const unit of unitsOf(rules)) {
    if (unit.rule.rule === 'off') continue;
    const isOurs = unit.rule.rule === 'hub' && unit.names.length === 1;
    const names = unit.names.filter(
      (name) =>
        canonical[name] !== undefined &&
        (base === null ? !isBlank(canonical[name]) : isOurs || base[name] !== undefined),
    );
    const differs = names.some((name) => base === null || !sameField(canonical, base, name));
    const waits = names.some((name) => {
      const held = refused.get(name);
      return held !== undefined && sameValue(held, canonical[name] ?? null);
    });
    if (differs && !waits) for (const name of names) values[name] = canonical[name] as Value;
  }
  return values;
}
