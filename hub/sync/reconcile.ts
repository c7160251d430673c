import { isBlank, sameValue, type Fields, type Value } from '../../protocol/fields.ts';
import type { FieldRule } from '../../protocol/mapping.ts';
import type { Author, FieldStamp, Vendor } from '../../protocol/nouns.ts';
import { blankUnit, readable, sameField, sameUnit, unitsOf, valueOf, type Unit } from './units.ts';
import { isOwnedElsewhere, verdictOf } from './verdict.ts';

/*
 * The planner. Pure: no clock, no I/O. For one link, field by field (or group by group), where `expected` is the base with
 * our answered write on top of it, the value that is there if nobody touched it:
 *
 *      observed = expected        nobody touched it there      base := observed
 *      observed = base # expected our write was not taken      base := observed, refused
 *      observed = canonical       both arrived at the same     base := observed
 *      anything else              somebody's edit              base := observed
 *          canonical = expected       take it
 *          canonical # expected       both changed: the rule decides, the loser is kept as a Conflict
 *      cannot be read             waits                        base := expected
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
  /** Which account of that vendor. */
  installationId: string;
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
  reason: 'rule' | 'overwritten' | 'merged';
}

export interface Reconciled {
  changes: AcceptedChange[];
  conflicts: LostValue[];
  /** The link's base after this observation. */
  base: Fields;
  /** Fields that the vendor answered for with success and did not take. */
  refused: string[];
  /** Of the changed fields: those that the vendor filled in by itself in the row that our create made. */
  filledIn: string[];
}

/** Salesforce stamps rows in whole seconds and events in milliseconds. */
const coarsestStamp_ms = 1_000;

export function reconcile(input: ReconcileInput): Reconciled {
  // Of what was written and cannot be read back, the vendor's answer is all that will ever be known.
  const outcome: Reconciled = {
    changes: [],
    conflicts: [],
    base: { ...input.base, ...input.sent },
    refused: [],
    filledIn: [],
  };
  for (const whole of unitsOf(input.rules)) {
    const unit = readable(whole, input.observed);
    if (unit.names.length === 0 || unit.rule.rule === 'off' || isTorn(whole, input)) continue;
    if (unit.rule.type === 'references') reconcileSet(input, unit, outcome);
    else reconcileUnit(input, unit, outcome);
  }
  return outcome;
}

/** A group of which one field was readable before and is not now: deciding the others alone would mix two authors' values. */
function isTorn(whole: Unit, { base, observed }: ReconcileInput): boolean {
  return whole.names.some((name) => observed[name] === undefined && base?.[name] !== undefined);
}

function reconcileUnit(input: ReconcileInput, whole: Unit, outcome: Reconciled): void {
  const { observed, canonical, sent } = input;
  const base = input.base ?? {};
  setBase(outcome, whole, observed);
  const unit = withoutDefaults(whole, input);
  const written = sent !== null && unit.names.some((name) => sent[name] !== undefined);
  const met = written || unit.names.every((name) => base[name] !== undefined);
  const expected = written ? { ...base, ...sent } : base;

  const refused = unit.names.filter(
    (name) => sameField(observed, base, name) && !sameField(base, expected, name) && !isPutBack(input, name),
  );
  const untouched = unit.names.filter((name) => sameField(observed, expected, name) || refused.includes(name));
  // What both have arrived at may lie over an edit, too.
  const settled = unit.names.filter((name) => untouched.includes(name) || sameField(observed, canonical, name));
  if (met) keepOverwritten(input, unit, settled, outcome);
  if (met && untouched.length === unit.names.length && !isChosen(input, unit)) {
    outcome.refused.push(...refused);
    return;
  }
  if (sameUnit(unit, observed, canonical)) return;
  if (!met && blankUnit(unit, observed)) return;
  if (!met && isDefaultOf(input, unit) && !blankUnit(unit, canonical)) return keepFilledIn(input, unit, outcome);
  const unset = unit.names.every((name) => canonical[name] === undefined);
  const fills = unset || (!met && blankUnit(unit, canonical));
  if (fills && unit.rule.rule !== 'hub') {
    take(input, unit, outcome);
    if (isDefaultOf(input, unit)) outcome.filledIn.push(...unit.names);
  } else decide(input, unit, outcome, expected, !met || !sameUnit(unit, canonical, expected));
}

/** Without the fields in which our own create put a default. */
function withoutDefaults(unit: Unit, input: ReconcileInput): Unit {
  const { defaulted, sent } = input;
  const isDefault = (name: string): boolean =>
    defaulted.has(name) && sent?.[name] === undefined && !isByPerson(input, name);
  return { ...unit, names: unit.names.filter((name) => !isDefault(name)) };
}

/** In the row that our own create made, the vendor's default of what we did not send: it is nobody's edit. */
function isDefaultOf(input: ReconcileInput, unit: Unit): boolean {
  const created = input.base === null && input.sent !== null;
  return created && !unit.names.some((name) => isByPerson(input, name));
}

/** It may have been a person all the same, whose event comes late: what our next write replaces is kept. */
function keepFilledIn({ side, observed, canonical }: ReconcileInput, unit: Unit, outcome: Reconciled): void {
  for (const field of unit.names) {
    const [lost, kept] = [valueOf(observed, field), valueOf(canonical, field)];
    if (isBlank(lost) || canonical[field] === undefined || sameValue(lost, kept)) continue;
    outcome.conflicts.push({ field, winner: 'hub', loser: side, lost, kept, reason: 'rule' });
  }
}

/** Nobody set the value yet, and a person chose what is there after our create: it only looked like our default. */
function isChosen(input: ReconcileInput, unit: Unit): boolean {
  const unset = unit.names.filter((name) => input.canonical[name] === undefined && !isBlank(input.observed[name]));
  return unit.rule.rule !== 'hub' && unset.some((name) => isByPerson(input, name));
}

/** The old value is there because a person set it again after our write, not because the vendor refused ours. */
function isPutBack(input: ReconcileInput, name: string): boolean {
  const shown_ms = evidenceOf(input, name)?.at_ms ?? 0;
  return isByPerson(input, name) && shown_ms - (input.previousAt_ms ?? Infinity) >= coarsestStamp_ms;
}

/** An event shows that a person put the value there. */
function isByPerson(input: ReconcileInput, name: string): boolean {
  return evidenceOf(input, name)?.author.kind === 'person';
}

function decide(input: ReconcileInput, unit: Unit, outcome: Reconciled, expected: Fields, concurrent: boolean): void {
  const { side, installationId, observed, canonical } = input;
  const canonicalStamp = newestStamp(input, unit);
  const edited = unit.names.filter((name) => !sameField(observed, expected, name));
  const observedAt_ms = Math.max(...edited.map((name) => stampOf(input, name)));
  const verdict = verdictOf({ unit, side, observed, observedAt_ms, canonical, canonicalStamp, concurrent });
  const isOther = canonicalStamp !== undefined && canonicalStamp.installationId !== installationId;
  const owner = isOther ? canonicalStamp.side : 'hub';
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

/**
 * Each element of a set is merged by itself: what somebody added or removed there is added or removed. An element that our
 * write added or removed, and that is as before, was not taken. Under a rule that names another owner, edits are put back.
 */
function reconcileSet(input: ReconcileInput, unit: Unit, outcome: Reconciled): void {
  const [field] = unit.names as [string];
  const elements = (fields: Fields | null): Set<string> => new Set((fields?.[field] ?? []) as readonly string[]);
  const seen = elements(input.observed);
  const before = elements(input.base);
  const expected = input.sent?.[field] === undefined ? before : elements(input.sent);
  const merged = elements(input.canonical);
  const touched = [...new Set([...seen, ...before, ...expected])].filter((one) => seen.has(one) !== expected.has(one));
  const edited = touched.filter((one) => before.has(one) === expected.has(one));
  setBase(outcome, unit, input.observed);
  if (edited.length < touched.length) outcome.refused.push(field);
  for (const one of edited) {
    if (seen.has(one)) merged.add(one);
    else merged.delete(one);
  }
  const after = [...merged].sort();
  const kept = input.canonical[field] ?? [];
  if (sameValue(after, kept)) return;
  if (!isOwnedElsewhere(unit, input.side)) accept(input, outcome, field, after);
  else
    outcome.conflicts.push({
      field,
      winner: 'hub',
      loser: input.side,
      lost: valueOf(input.observed, field),
      kept,
      reason: 'rule',
    });
}

/**
 * An edit that our write replaced before we could see it: only an event still shows it, often long after the write was read
 * back. Each event is given once. Where people of the same account set the canonical value later, it is no loss.
 */
function keepOverwritten(input: ReconcileInput, unit: Unit, settled: readonly string[], outcome: Reconciled): void {
  const { side, installationId, observed, canonical, sent } = input;
  const newest = newestStamp(input, unit);
  for (const field of settled) {
    const last = input.evidence.findLast((one) => one.field === field && one.author.kind !== 'rapport');
    const kept = valueOf(observed, field);
    const known = [kept, valueOf(canonical, field), valueOf(input.base ?? {}, field)];
    if (!last || known.some((value) => sameValue(value, last.value))) continue;
    const isReplaced = (stamp: FieldStamp | undefined): boolean =>
      stamp === undefined
        ? sent?.[field] === undefined
        : stamp.installationId === installationId && stamp.at_ms > last.at_ms;
    if (isReplaced(input.stamps[field] ?? newest) && isReplaced(newest)) continue;
    outcome.conflicts.push({ field, winner: 'hub', loser: side, lost: last.value, kept, reason: 'overwritten' });
  }
}

/** A group is taken with its blanks, so that a blank is told from a field that no side could read. */
function take(input: ReconcileInput, unit: Unit, outcome: Reconciled): void {
  for (const field of unit.names) {
    const after = valueOf(input.observed, field);
    const unknown = unit.names.length > 1 && input.canonical[field] === undefined;
    if (unknown || !sameValue(after, valueOf(input.canonical, field))) accept(input, outcome, field, after);
  }
}

function accept(input: ReconcileInput, outcome: Reconciled, field: string, after: Value): void {
  outcome.changes.push({
    field,
    before: valueOf(input.canonical, field),
    after,
    at_ms: stampOf(input, field),
    author: evidenceOf(input, field)?.author ?? input.author,
  });
}

/** The newest event that names this field with the value seen: it knows the field's own stamp and author. */
function evidenceOf(input: ReconcileInput, field: string): Evidence | undefined {
  return input.evidence.findLast((one) => one.field === field && sameValue(one.value, valueOf(input.observed, field)));
}

/** When the field was edited: by its event, else by the row. A late event of an earlier edit to the same value says nothing. */
function stampOf(input: ReconcileInput, field: string): number {
  const shown_ms = evidenceOf(input, field)?.at_ms;
  return shown_ms === undefined || shown_ms < (input.previousAt_ms ?? 0) ? input.observedAt_ms : shown_ms;
}

/** When and where the unit's canonical value was last set. */
function newestStamp({ stamps }: ReconcileInput, unit: Unit): FieldStamp | undefined {
  const set = unit.names.flatMap((name) => stamps[name] ?? []);
  return set.reduce<FieldStamp | undefined>((a, b) => (a === undefined || b.at_ms > a.at_ms ? b : a), undefined);
}

function setBase(outcome: Reconciled, unit: Unit, observed: Fields): void {
  outcome.base = { ...outcome.base, ...Object.fromEntries(unit.names.map((name) => [name, valueOf(observed, name)])) };
}
