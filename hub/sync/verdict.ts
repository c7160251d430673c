import { isBlank, type Fields, type Value } from '../../protocol/fields.ts';
import type { FieldStamp, Vendor } from '../../protocol/nouns.ts';
import { blankUnit, valueOf, type Unit } from './units.ts';

/** Stamps of two vendors closer than this cannot be told apart. */
const sameMoment_ms = 2_000;

/** `take` the edit, `keep` the canonical value, or both in one. */
export type Verdict = 'take' | 'keep' | { merged: Value };

export interface Edit {
  unit: Unit;
  side: Vendor;
  observed: Fields;
  observedAt_ms: number | null;
  canonical: Fields;
  canonicalStamp: FieldStamp | undefined;
  /** The canonical value changed since the base too, or the two meet for the first time. */
  concurrent: boolean;
}

/**
 * What a field's rule says of an edit seen at one side. `salesforce`, `hubspot` and `hub` name the owner of the field: an
 * edit elsewhere is put back. The loser's value is kept as a Conflict by the caller.
 */
export function verdictOf(edit: Edit): Verdict {
  const { unit, side, observed, canonical, concurrent } = edit;
  const canonicalBlank = blankUnit(unit, canonical);
  switch (unit.rule.rule) {
    case 'newest':
      return concurrent ? newest(edit) : 'take';
    case 'hub':
    case 'salesforce':
    case 'hubspot':
      return isOwnedElsewhere(unit, side) ? 'keep' : 'take';
    case 'salesforce-unless-blank':
      return unlessBlank(edit, 'salesforce');
    case 'hubspot-unless-blank':
      return unlessBlank(edit, 'hubspot');
    case 'fill-blank':
      return canonicalBlank ? 'take' : 'keep';
    case 'forward-only':
    case 'most-restrictive':
      return canonicalBlank || rank(unit, observed) > rank(unit, canonical) ? 'take' : 'keep';
    case 'append':
      return append(edit);
    case 'off':
      return 'keep';
  }
}

/** The rule names an owner, and it is not this side. */
export function isOwnedElsewhere({ rule: { rule } }: Unit, side: Vendor): boolean {
  return rule === 'hub' || ((rule === 'salesforce' || rule === 'hubspot') && rule !== side);
}

function unlessBlank({ unit, side, observed, canonical, concurrent }: Edit, owner: Vendor): Verdict {
  if (side !== owner) return blankUnit(unit, canonical) ? 'take' : 'keep';
  return concurrent && blankUnit(unit, observed) ? 'keep' : 'take';
}

function newest({ unit, side, observedAt_ms, canonicalStamp }: Edit): Verdict {
  if (canonicalStamp?.filledIn) return 'take';
  const unknown = observedAt_ms === null || canonicalStamp === undefined;
  if (unknown || Math.abs(observedAt_ms - canonicalStamp.at_ms) <= sameMoment_ms)
    return unit.rule.tie === side ? 'take' : 'keep';
  return observedAt_ms > canonicalStamp.at_ms ? 'take' : 'keep';
}

/** An option the order does not name ranks lowest. */
function rank(unit: Unit, fields: Fields): number {
  return unit.rule.order.indexOf(String(valueOf(fields, unit.rule.name)));
}

function append({ unit, observed, canonical, concurrent }: Edit): Verdict {
  const seen = valueOf(observed, unit.rule.name);
  const ours = valueOf(canonical, unit.rule.name);
  if (!concurrent || isBlank(ours)) return 'take';
  if (isBlank(seen) || String(ours).includes(String(seen))) return 'keep';
  return String(seen).includes(String(ours)) ? 'take' : { merged: `${String(ours)}\n${String(seen)}` };
}
