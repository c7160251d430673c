import { isBlank, type Fields, type Value } from '../../protocol/fields.ts';
import type { FieldRule, Rule } from '../../protocol/mapping.ts';
import type { FieldStamp, StoredRecord } from '../../protocol/nouns.ts';
import type { LostValue } from './reconcile.ts';
import { blankUnit, sameField, sameUnit, unitsOf, valueOf, type Unit } from './units.ts';
import { verdictOf } from './verdict.ts';

export interface Folded {
  record: StoredRecord;
  changes: { field: string; before: Value; after: Value }[];
  conflicts: LostValue[];
}

/** What these rules say does not depend on whose row people kept. */
const decided = new Set<Rule>(['append', 'forward-only', 'most-restrictive']);

/**
 * Two records become one. Pure. The values of the one that stays stand, as people chose when they merged its rows; its blanks
 * are filled, groups as one, sets are joined, and what a rule orders (opt-outs) is kept at its strictest. What is lost is told.
 */
export function foldRecord(rules: readonly FieldRule[], stays: StoredRecord, ends: StoredRecord): Folded {
  const folded: Folded = { record: stays, changes: [], conflicts: [] };
  const put = (names: readonly string[], fields: Fields, stamps: StoredRecord['stamps']): void => {
    const before = folded.record;
    const changed = names.filter((name) => !sameField(before.fields, fields, name));
    folded.changes.push(
      ...changed.map((field) => ({ field, before: valueOf(before.fields, field), after: valueOf(fields, field) })),
    );
    const taken = Object.fromEntries(names.map((name) => [name, valueOf(fields, name)]));
    const known = Object.entries(stamps).filter(([name]) => names.includes(name));
    const record = { ...before, fields: { ...before.fields, ...taken } };
    folded.record = { ...record, stamps: { ...before.stamps, ...Object.fromEntries(known) } };
  };
  const lose = (unit: Unit, loser: StoredRecord, winner: StoredRecord): void => {
    for (const field of unit.names) {
      if (sameField(loser.fields, winner.fields, field) || isBlank(loser.fields[field])) continue;
      const by = { winner: sideOf(winner.stamps[field]), loser: sideOf(loser.stamps[field]) };
      const values = { lost: valueOf(loser.fields, field), kept: valueOf(winner.fields, field) };
      folded.conflicts.push({ field, ...by, ...values, reason: 'merged' });
    }
  };
  for (const unit of unitsOf(rules)) {
    const [field] = unit.names as [string];
    if (unit.rule.type === 'references') {
      const all = [stays, ends].flatMap(({ fields }) => (fields[field] ?? []) as readonly string[]);
      if (all.length > 0) put([field], { [field]: [...new Set(all)].sort() }, {});
    } else if (sameUnit(unit, stays.fields, ends.fields) || blankUnit(unit, ends.fields)) {
      continue;
    } else if (blankUnit(unit, stays.fields)) {
      put(unit.names, ends.fields, ends.stamps);
    } else {
      const verdict = verdictBetween(unit, stays, ends);
      if (verdict === 'keep') lose(unit, ends, stays);
      else if (verdict === 'take') {
        lose(unit, stays, ends);
        put(unit.names, ends.fields, ends.stamps);
      } else put([field], { [field]: verdict.merged }, ends.stamps);
    }
  }
  return folded;
}

function verdictBetween(unit: Unit, stays: StoredRecord, ends: StoredRecord): ReturnType<typeof verdictOf> {
  if (!decided.has(unit.rule.rule)) return 'keep';
  const sides = { side: unit.rule.tie, observed: ends.fields, canonical: stays.fields };
  return verdictOf({ unit, ...sides, observedAt_ms: null, canonicalStamp: undefined, concurrent: true });
}

function sideOf(stamp: FieldStamp | undefined): LostValue['winner'] {
  return stamp?.side ?? 'hub';
}
