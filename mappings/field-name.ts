import type { SideField } from '../protocol/mapping.ts';

/** The vendor's field in one of the objects that can hold the kind; undefined where this object has no such field. */
export function fieldName(side: SideField, object: string): string | undefined {
  return typeof side.field === 'string' ? side.field : side.field[object];
}
