import assert from 'node:assert/strict';
import { deriveWrite } from '../../../../hub/sync/derive-write.ts';
import { reconcile } from '../../../../hub/sync/reconcile.ts';
import { sameValue, type Fields, type Value } from '../../../../protocol/fields.ts';
import type { Rule } from '../../../../protocol/mapping.ts';
import type { Vendor } from '../../../../protocol/nouns.ts';
import { at, fieldRule, reading, setAt } from './planner-input.ts';

/*
 * Every rule x observing side x what changed x value, null, unreadable. One cell says what the planner makes of it:
 *   .  nothing happens        T  the observed value is taken       M  both in one
 *   !  the loser is kept as a Conflict                              >  a write to this side is due
 * What is the hub's own is written even where no reading shows it. Reviewed by hand: a change here is a change of what the product promises.
 */

/** base, canonical, observed; `-`: the field is not in that store (base: never met; observed: unreadable); `0`: null. */
const situations: Readonly<Record<string, readonly [base: string, canonical: string, observed: string]>> = {
  // nothing changed
  'none v': ['two', 'two', 'two'],
  'none 0': ['0', '0', '0'],
  'none -': ['two', 'two', '-'],
  // the hub changed (the other CRM, a job, a restore)
  'hub v': ['two', 'three', 'two'],
  'hub fill': ['0', 'three', '0'],
  'hub clear': ['two', '0', 'two'],
  'hub -': ['two', 'three', '-'],
  // this vendor changed
  'here v': ['two', 'two', 'four'],
  'here fill': ['0', '0', 'four'],
  'here clear': ['two', '0<two', '0'],
  // both, to the same
  'same v': ['two', 'four', 'four'],
  'same 0': ['two', '0', '0'],
  // both, differently; this vendor's edit is the later one and ranks higher
  'both v': ['two', 'three', 'four'],
  'both 0v': ['two', '0', 'four'],
  'both v0': ['two', 'three', '0'],
  // the first link
  'first v': ['-', 'three', 'four'],
  'first =': ['-', 'four', 'four'],
  'first 0v': ['-', '0', 'four'],
  'first v0': ['-', 'three', '0'],
  'first 0': ['-', '0', '0'],
  'first -': ['-', 'three', '-'],
};
// The one situation whose canonical value is the base itself.
const canonicalOf = (written: string): string => (written === '0<two' ? 'two' : written);

const table = `
                                | none v | none 0 | none - | hub v | hub fill | hub clear | hub - | here v | here fill | here clear | same v | same 0 | both v | both 0v | both v0 | first v | first = | first 0v | first v0 | first 0 | first -
newest                 hubspot    | . | . | . | > | > | > | > | T   | T   | T   | . | . | T!  | T! | T! | T!  | . | T  | > | . | .
newest                 salesforce | . | . | . | > | > | > | > | T   | T   | T   | . | . | T!  | T! | T! | T!  | . | T  | > | . | .
salesforce             hubspot    | . | . | . | > | > | > | > | !>  | !>  | !>  | . | . | !>  | !> | !> | !>  | . | T  | > | . | .
salesforce             salesforce | . | . | . | > | > | > | > | T   | T   | T   | . | . | T!  | T! | T! | T!  | . | T  | > | . | .
hubspot                hubspot    | . | . | . | > | > | > | > | T   | T   | T   | . | . | T!  | T! | T! | T!  | . | T  | > | . | .
hubspot                salesforce | . | . | . | > | > | > | > | !>  | !>  | !>  | . | . | !>  | !> | !> | !>  | . | T  | > | . | .
hub                    hubspot    | . | . | . | > | > | > | > | !>  | !>  | !>  | . | . | !>  | !> | !> | !>  | . | !> | > | . | >
hub                    salesforce | . | . | . | > | > | > | > | !>  | !>  | !>  | . | . | !>  | !> | !> | !>  | . | !> | > | . | >
salesforce-unless-blank hubspot   | . | . | . | > | > | > | > | !>  | T   | !>  | . | . | !>  | T! | !> | !>  | . | T  | > | . | .
salesforce-unless-blank salesforce| . | . | . | > | > | > | > | T   | T   | T   | . | . | T!  | T! | !> | T!  | . | T  | > | . | .
hubspot-unless-blank   hubspot    | . | . | . | > | > | > | > | T   | T   | T   | . | . | T!  | T! | !> | T!  | . | T  | > | . | .
hubspot-unless-blank   salesforce | . | . | . | > | > | > | > | !>  | T   | !>  | . | . | !>  | T! | !> | !>  | . | T  | > | . | .
fill-blank             hubspot    | . | . | . | > | > | > | > | !>  | T   | !>  | . | . | !>  | T! | !> | !>  | . | T  | > | . | .
fill-blank             salesforce | . | . | . | > | > | > | > | !>  | T   | !>  | . | . | !>  | T! | !> | !>  | . | T  | > | . | .
append                 hubspot    | . | . | . | > | > | > | > | T   | T   | T   | . | . | M>  | T! | !> | M>  | . | T  | > | . | .
append                 salesforce | . | . | . | > | > | > | > | T   | T   | T   | . | . | M>  | T! | !> | M>  | . | T  | > | . | .
forward-only           hubspot    | . | . | . | > | > | > | > | T   | T   | !>  | . | . | T!  | T! | !> | T!  | . | T  | > | . | .
forward-only           salesforce | . | . | . | > | > | > | > | T   | T   | !>  | . | . | T!  | T! | !> | T!  | . | T  | > | . | .
most-restrictive       hubspot    | . | . | . | > | > | > | > | T   | T   | !>  | . | . | T!  | T! | !> | T!  | . | T  | > | . | .
most-restrictive       salesforce | . | . | . | > | > | > | > | T   | T   | !>  | . | . | T!  | T! | !> | T!  | . | T  | > | . | .
off                    hubspot    | . | . | . | . | .  | . | . | .   | .   | .   | . | . | .   | .  | .  | .   | . | .  | . | . | .
off                    salesforce | . | . | . | . | .  | . | . | .   | .   | .   | . | . | .   | .  | .  | .   | . | .  | . | . | .
`;

/** What newest does with the same field, by the seconds between the two edits and the side the mapping prefers. */
const newest = `
observed | canonical set | tie        | side       | outcome
 later   | 90            | salesforce | hubspot    | T!
 earlier | 130           | hubspot    | hubspot    | !>
 2s later| 98            | hubspot    | hubspot    | T!
 2s later| 98            | salesforce | hubspot    | !>
 2s earl.| 102           | hubspot    | salesforce | !>
 2s earl.| 102           | salesforce | salesforce | T!
 3s later| 97            | salesforce | hubspot    | T!
 3s earl.| 103           | hubspot    | hubspot    | !>
 unknown | -             | hubspot    | hubspot    | T!
 unknown | -             | salesforce | hubspot    | !>
`;

/** Ordered rules where this vendor's edit ranks lower, equal to nothing in the order, or against an unnamed value. */
const ordered = `
changed | base | canonical | observed | outcome
 here   | two  | two       | one      | !>
 here   | two  | two       | odd      | !>
 here   | odd  | odd       | one      | T
 here   | odd  | odd       | other    | !>
 both   | one  | four      | two      | !>
 both   | one  | two       | four     | T!
 first  | -    | four      | two      | !>
`;

const order = ['one', 'two', 'three', 'four'];
const valueIn = (written: string): Value => (written === '0' ? null : written);
const store = (written: string): Fields => (written === '-' ? {} : { field: valueIn(written) });
const lines = (text: string): string[][] =>
  text
    .trim()
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()));

interface Case {
  rule: Rule;
  side: Vendor;
  base: string;
  canonical: string;
  observed: string;
  canonicalAt?: string;
  tie?: Vendor;
}

function outcomeOf({ rule, side, base, canonical, observed, canonicalAt = '90', tie }: Case): string {
  const rules = [fieldRule({ rule, order, ...(tie ? { tie } : {}) })];
  const stored = store(canonical);
  const other = side === 'hubspot' ? 'salesforce' : 'hubspot';
  const set = canonicalAt === '-' ? undefined : setAt(Number(canonicalAt), other);
  const before = base === '-' ? null : store(base);
  const planned = reconcile(
    reading({
      side,
      rules,
      canonical: stored,
      stamps: set ? { field: set } : {},
      base: before,
      observed: store(observed),
      observedAt_ms: at(100),
    }),
  );
  assert.deepEqual(planned.refused, [], 'nothing was written, so nothing was refused');
  const after = { ...stored, ...Object.fromEntries(planned.changes.map((change) => [change.field, change.after])) };
  const write = deriveWrite({ rules, canonical: after, base: planned.base, refused: new Map() });
  const [seen, had, has] = [valueIn(observed), stored['field'] ?? null, after['field'] ?? null];

  let outcome = '';
  if (!sameValue(had, has)) outcome += sameValue(has, seen) ? 'T' : 'M';
  for (const lost of planned.conflicts) {
    outcome += '!';
    assert.deepEqual(
      [lost.lost, lost.kept, lost.reason],
      sameValue(has, seen) ? [had, seen, 'rule'] : [seen, had, 'rule'],
      'the Conflict keeps the value that lost',
    );
    assert.equal(lost.loser === side, !sameValue(has, seen), 'the loser is the side whose value lost');
    assert.notEqual(lost.loser, lost.winner);
  }
  if (Object.keys(write).length > 0) {
    outcome += '>';
    assert.deepEqual(write, { field: has });
  }
  if (observed === '-' || rule === 'off')
    assert.deepEqual(planned.base, before ?? {}, 'what is not read leaves the base');
  else assert.deepEqual(planned.base, { field: seen }, 'what is read is the base');
  return outcome || '.';
}

describe('The planner: truth table of one field', () => {
  const [head, ...rows] = lines(table) as [string[], ...string[][]];

  it('covers every rule, both sides and every situation', () => {
    assert.deepEqual(head.slice(1), Object.keys(situations));
    assert.equal(rows.length, 11 * 2);
    for (const row of rows) assert.equal(row.length, head.length, row[0]);
  });

  for (const [label, ...cells] of rows) {
    const [rule, side] = (label as string).split(/\s+/) as [Rule, Vendor];
    it(`${rule}, seen at ${side}`, () => {
      const found = head.slice(1).map((name) => {
        const [base, canonical, observed] = situations[name] as readonly [string, string, string];
        return `${name}: ${outcomeOf({ rule, side, base, canonical: canonicalOf(canonical), observed })}`;
      });
      assert.deepEqual(
        found,
        head.slice(1).map((name, index) => `${name}: ${cells[index]}`),
      );
    });
  }

  for (const [label, canonicalAt, tie, side, outcome] of lines(newest).slice(1))
    it(`newest: ${side} ${label}, ${tie} preferred: ${outcome}`, () => {
      const base = { base: 'two', canonical: 'three', observed: 'four' };
      const settled = {
        rule: 'newest' as const,
        side: side as Vendor,
        tie: tie as Vendor,
        canonicalAt: canonicalAt as string,
      };
      assert.equal(outcomeOf({ ...base, ...settled }), outcome);
    });

  for (const [label, base, canonical, observed, outcome] of lines(ordered).slice(1))
    for (const rule of ['forward-only', 'most-restrictive'] as const)
      for (const side of ['hubspot', 'salesforce'] as const)
        it(`${rule}, ${side}: ${label}, ${canonical} against ${observed}: ${outcome}`, () => {
          const stores = { base: base as string, canonical: canonical as string, observed: observed as string };
          assert.equal(outcomeOf({ rule, side, ...stores }), outcome);
        });
});
