import type { SideField } from './mapping.ts';

/** The vendor's field in one of the objects that can hold the kind; undefined where this side or object has none. */
export function sideFieldName(side: SideField | undefined, object: string): string | undefined {
  if (side === undefined) return undefined;
  return typeof side.field === 'string' ? side.field : side.field[object];
}
