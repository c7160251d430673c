import { isBlank, sameValue, type Fields, type Value } from '../../protocol/fields.ts';
import type { FieldRule } from '../../protocol/mapping.ts';
import type { Author, FieldStamp, Vendor } from '../../protocol/nouns.ts';
import { blankUnit, readable, sameUnit, unitsOf, valueOf, type Unit } from './units.ts';
import { verdictOf } from './verdict.ts';

/*
 * The planner. Pure: no clock, no I/O. For one link, field by field (or group by group):
 *
 *      observed = base            nobody touched it there      (if our answered write said otherwise: refused)
 *      observed = what we sent    our echo                     base := observed
 *      observed = canonical       both arrived at the same     base := observed
 *      anything else              somebody's edit
 *          canonical = base           take it
 *          canonical # base           both changed: the rule decides, the loser is kept as a Conflict
 *
 * Wherever canonical and base differ afterwards, a write is due; `deriveWrite` says which.
 */

/** A value that an event showed. Evidence is never applied; at most it is kept as a Conflict. */
export interface Evidence {
  field: string;
  value: Value;
  at_ms: number;
  author: Author;
}

export interface ReconcileInput {
  side: Vendor;
  /** Rules of the fields that this side may give us. */
  rules: readonly FieldRule[];
  canonical: Fields;
  stamps: Readonly<Record<string, FieldStamp>>;
  /** null on the first meeting of record and row. */
  base: Fields | null;
  /** Our write that the vendor answered with success and that no observation has confirmed yet. */
  sent: Fields | null;
  /** Fields in which our own create put a default: such a value is the base and is not taken. */
  defaulted: ReadonlySet<string>;
  observed: Fields;
  /** The vendor's stamp of the row. */
  observedAt_ms: number;
  /** The vendor's stamp of the newest observation applied before this one. */
  previousAt_ms: number | null;
  author: Author;
  evidence: readonly Evidence[];
}

export interface AcceptedChange {
  field: string;
  before: Value;
  after: Value;
  at_ms: number;
  author: Author;
}

export interface LostValue {
  field: string;
  winner: Vendor | 'hub';
  loser: Vendor | 'hub';
  lost: Value;
  kept: Value;
  reason: 'rule' | 'overwritten';
}

export interface Reconciled {
  changes: AcceptedChange[];
  conflicts: LostValue[];
  /** The link's base after this observation. */
  base: Fields;
  /** Fields that the vendor answered for with success and did not take. */
  refused: string[];
}

export function reconcile(input: ReconcileInput): Reconciled {
  const outcome: Reconciled = { changes: [], conflicts: [], base: { ...input.base }, refused: [] };
  for (const whole of unitsOf(input.rules)) {
    const unit = readable(whole, input.observed);
    if (unit.names.length === 0 || unit.rule.rule === 'off') continue;
    if (unit.rule.type === 'references') reconcileSet(input, unit, outcome);
    else reconcileUnit(input, unit, outcome);
  }
  return outcome;
}

function reconcileUnit(input: ReconcileInput, unit: Unit, outcome: Reconciled): void {
  const { observed, canonical, base, sent } = input;
  const known = base !== null && unit.names.every((name) => base[name] !== undefined);
  const written = sent !== null && unit.names.some((name) => sent[name] !== undefined);
  const afterWrite = written ? { ...base, ...sent } : base;

  if (known && written && !sameUnit(unit, base, afterWrite ?? {}) && sameUnit(unit, observed, base)) {
    outcome.refused.push(
      ...unit.names.filter((name) => sent[name] !== undefined && !sameValue(sent[name], valueOf(base, name))),
    );
    return;
  }
  if (known && sameUnit(unit, observed, base)) return;
  setBase(outcome, unit, observed);
  if (written && sameUnit(unit, observed, afterWrite ?? {})) {
    keepOverwritten(input, unit, outcome);
    return;
  }
  if (sameUnit(unit, observed, canonical)) return;

  if (!known && !written) {
    if (blankUnit(unit, observed) || unit.names.every((name) => input.defaulted.has(name))) return;
    if (blankUnit(unit, canonical) && unit.rule.rule !== 'hub') {
      take(input, unit, outcome);
      return;
    }
  }
  decide(input, unit, outcome, !known || !sameUnit(unit, canonical, afterWrite ?? {}));
}

function decide(input: ReconcileInput, unit: Unit, outcome: Reconciled, concurrent: boolean): void {
  const { side, observed, canonical } = input;
  const canonicalStamp = unit.names.map((name) => input.stamps[name]).find((stamp) => stamp !== undefined);
  const stampOf = (name: string): number => evidenceOf(input, name)?.at_ms ?? input.observedAt_ms;
  const observedAt_ms = Math.max(...unit.names.map(stampOf));
  const verdict = verdictOf({ unit, side, observed, observedAt_ms, canonical, canonicalStamp, concurrent });
  const owner = canonicalStamp?.side ?? 'hub';
  const lose = (winner: Vendor | 'hub', loser: Vendor | 'hub', lost: Fields, kept: Fields): void => {
    for (const field of unit.names) {
      const [gone, stays] = [valueOf(lost, field), valueOf(kept, field)];
      const neverSet = isBlank(gone) && loser !== side && input.stamps[field] === undefined;
      if (!sameValue(gone, stays) && !neverSet)
        outcome.conflicts.push({ field, winner, loser, lost: gone, kept: stays, reason: 'rule' });
    }
  };
  if (verdict === 'keep') {
    lose(owner, side, observed, canonical);
  } else if (verdict === 'take') {
    if (concurrent) lose(side, owner, canonical, observed);
    take(input, unit, outcome);
  } else {
    const [field] = unit.names as [string];
    accept(input, outcome, field, verdict.merged);
  }
}

/** Each element of a set is merged by itself: what one side added or removed since the base is added or removed. */
function reconcileSet(input: ReconcileInput, unit: Unit, outcome: Reconciled): void {
  const [field] = unit.names as [string];
  const elements = (fields: Fields | null): Set<string> => new Set((fields?.[field] ?? []) as readonly string[]);
  const seen = elements(input.observed);
  const before = elements(input.sent?.[field] === undefined ? input.base : input.sent);
  const merged = elements(input.canonical);
  for (const one of seen) if (!before.has(one)) merged.add(one);
  for (const one of before) if (!seen.has(one)) merged.delete(one);
  setBase(outcome, unit, input.observed);
  const after = [...merged].sort();
  if (!sameValue(after, input.canonical[field] ?? [])) accept(input, outcome, field, after);
}

/** Only an event still shows an edit that our write replaced before we could see it. */
function keepOverwritten(input: ReconcileInput, unit: Unit, outcome: Reconciled): void {
  for (const field of unit.names) {
    const kept = valueOf(input.observed, field);
    const known = [kept, valueOf(input.canonical, field), valueOf(input.base ?? {}, field)];
    const lost = input.evidence.findLast(
      (one) =>
        one.field === field &&
        (input.previousAt_ms === null || one.at_ms > input.previousAt_ms) &&
        !isBlank(one.value) &&
        !known.some((value) => sameValue(value, one.value)),
    );
    if (lost)
      outcome.conflicts.push({
        field,
        winner: 'hub',
        loser: input.side,
        lost: lost.value,
        kept,
        reason: 'overwritten',
      });
  }
}

function take(input: ReconcileInput, unit: Unit, outcome: Reconciled): void {
  for (const field of unit.names) {
    const after = valueOf(input.observed, field);
    if (!sameValue(after, valueOf(input.canonical, field))) accept(input, outcome, field, after);
  }
}

function accept(input: ReconcileInput, outcome: Reconciled, field: string, after: Value): void {
  const shown = evidenceOf(input, field);
  outcome.changes.push({
    field,
    before: valueOf(input.canonical, field),
    after,
    at_ms: shown?.at_ms ?? input.observedAt_ms,
    author: shown?.author ?? input.author,
  });
}

/** The newest event that names this field with the value seen: it knows the field's own stamp and author. */
function evidenceOf(input: ReconcileInput, field: string): Evidence | undefined {
  return input.evidence.findLast((one) => one.field === field && sameValue(one.value, valueOf(input.observed, field)));
}

function setBase(outcome: Reconciled, unit: Unit, observed: Fields): void {
  outcome.base = { ...outcome.base, ...Object.fromEntries(unit.names.map((name) => [name, valueOf(observed, name)])) };
}
