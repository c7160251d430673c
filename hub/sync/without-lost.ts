import type { Fields } from '../../protocol/fields.ts';
import type { FieldMapping } from '../../protocol/mapping.ts';

/** What was agreed on, without the references that a row lost with what they referred to. */
export function withoutLost(
  base: Fields,
  references: readonly FieldMapping[],
  observed: Fields,
  lost: ReadonlySet<string>,
): Fields {
  if (lost.size === 0) return base;
  const left = { ...base };
  for (const { name } of references) {
    const seen = observed[name];
    if (seen === undefined || base[name] === undefined) continue;
    const isLeft = (id: string): boolean => !lost.has(id) || elements(seen).includes(id);
    const kept = elements(base[name]).filter(isLeft);
    if (kept.length < elements(base[name]).length) left[name] = Array.isArray(base[name]) ? kept : null;
  }
  return left;
}

/** The ids in a reference, which holds one or none, or in a set of them. */
export function elements(value: unknown): string[] {
  return [value ?? []]
    .flat()
    .filter((one) => one !== '')
    .map(String);
}
