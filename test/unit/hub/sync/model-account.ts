import type { Evidence } from '../../../../hub/sync/reconcile.ts';
import type { Fields, Value } from '../../../../protocol/fields.ts';
import type { Vendor } from '../../../../protocol/nouns.ts';
import { members, type Schema } from './model-script.ts';

/** One CRM with its one row, and the hub's link to it. */
export interface Account {
  row: Record<string, Value> | null;
  stamp_ms: number;
  /** Events on their way: they may come long after the row shows what they tell. */
  events: Evidence[];
  base: Fields | null;
  previousAt_ms: number | null;
  /** Sent, not answered yet. */
  inFlight: Fields | null;
  /** Answered with success, not read back yet. */
  sent: Fields | null;
  refused: Map<string, Value>;
  created: boolean;
  /** Fields that a reading showed, or that we set by a create. */
  shown: Set<string>;
}

/** One value that a person (or a job, at the hub) put in. */
export interface Edit {
  side: Vendor | 'hub';
  field: string;
  value: Value;
  /** Somebody at the same side put another value over it. */
  replaced: boolean;
}

export const defaultValue = 'default';

export const emptyRow = (schema: Schema): Record<string, Value> =>
  Object.fromEntries(schema.fields.map(({ name, type }) => [name, type === 'references' ? [] : null]));

export const newAccount = (schema: Schema, now_ms: number): Account => ({
  row: emptyRow(schema),
  stamp_ms: now_ms,
  events: [],
  base: null,
  previousAt_ms: null,
  inFlight: null,
  sent: null,
  refused: new Map(),
  created: false,
  shown: new Set(),
});

/** Associations are written as additions and removals: what somebody added meanwhile stays. */
export function changedSet(there: Value | undefined, base: Value | undefined, wanted: Value): Value {
  const [now, before, after] = [there, base, wanted].map((set) => new Set((set ?? []) as readonly string[]));
  return members.filter((one) => (before?.has(one) === after?.has(one) ? now?.has(one) : after?.has(one)));
}
