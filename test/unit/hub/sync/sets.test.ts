import assert from 'node:assert/strict';
import { reconcile } from '../../../../hub/sync/reconcile.ts';
import type { Rule } from '../../../../protocol/mapping.ts';
import { fieldRule, reading } from './planner-input.ts';

interface Sets {
  base: string | null;
  sent?: string;
  canonical: string;
  observed: string;
  rule?: Rule;
}

const set = (written: string): string[] => written.split(' ').filter(Boolean);

function planned({ base, sent, canonical, observed, rule = 'newest' }: Sets): {
  now: string;
  refused: string[];
  lost: unknown[];
} {
  const outcome = reconcile(
    reading({
      rules: [fieldRule({ type: 'references', rule })],
      canonical: { field: set(canonical) },
      base: base === null ? null : { field: set(base) },
      sent: sent === undefined ? null : { field: set(sent) },
      observed: { field: set(observed) },
    }),
  );
  assert.deepEqual(outcome.base, { field: set(observed) });
  const after = outcome.changes[0]?.after ?? set(canonical);
  return {
    now: (after as string[]).join(' '),
    refused: outcome.refused,
    lost: outcome.conflicts.map((one) => one.lost),
  };
}

describe('The planner: sets are merged element by element', () => {
  const table: readonly [what: string, sets: Sets, now: string, refused?: boolean][] = [
    ['nothing changed', { base: 'a b', canonical: 'a b', observed: 'a b' }, 'a b'],
    ['added there', { base: 'a', canonical: 'a', observed: 'a b' }, 'a b'],
    ['removed there', { base: 'a b', canonical: 'a b', observed: 'a' }, 'a'],
    ['emptied there', { base: 'a b', canonical: 'a b', observed: '' }, ''],
    ['both sides added', { base: 'a', canonical: 'a c', observed: 'a b' }, 'a b c'],
    ['one added, the other removed', { base: 'a b', canonical: 'a b c', observed: 'a' }, 'a c'],
    ['both removed the same', { base: 'a b', canonical: 'a', observed: 'a' }, 'a'],
    ['first link joins both', { base: null, canonical: 'a c', observed: 'a b' }, 'a b c'],
    ['our echo', { base: 'a', sent: 'a b', canonical: 'a b', observed: 'a b' }, 'a b'],
    ['added on top of our write', { base: 'a', sent: 'a b', canonical: 'a b', observed: 'a b c' }, 'a b c'],
    ['removed on top of our write', { base: 'a', sent: 'a b', canonical: 'a b', observed: 'b' }, 'b'],
    ['our addition was not taken', { base: 'a', sent: 'a b', canonical: 'a b', observed: 'a' }, 'a b', true],
    ['our removal was not taken', { base: 'a b', sent: 'a', canonical: 'a', observed: 'a b' }, 'a', true],
    ['half of our addition was not taken', { base: '', sent: 'a b', canonical: 'a b', observed: 'a' }, 'a b', true],
    ['our create left the set out', { base: null, sent: 'a b', canonical: 'a b', observed: '' }, 'a b', true],
    ['not taken, and edited', { base: 'a', sent: 'a b', canonical: 'a b', observed: 'a c' }, 'a b c', true],
  ];
  for (const [what, sets, now, refused] of table)
    it(what, () => {
      assert.deepEqual(planned(sets), { now, refused: refused ? ['field'] : [], lost: [] });
    });

  for (const rule of ['hub', 'salesforce'] as const)
    it(`puts back an edit where the rule is ${rule}, and keeps what was lost`, () => {
      const put = planned({ rule, base: 'a', canonical: 'a', observed: 'a b' });
      assert.deepEqual(put, { now: 'a', refused: [], lost: [['a', 'b']] });
    });

  it('takes the edit where the rule names this side', () => {
    assert.equal(planned({ rule: 'hubspot', base: 'a', canonical: 'a', observed: 'a b' }).now, 'a b');
  });

  it('leaves a set alone that cannot be read', () => {
    const rules = [fieldRule({ type: 'references' })];
    const outcome = reconcile(reading({ rules, canonical: { field: ['a'] }, base: { field: ['a'] }, observed: {} }));
    assert.deepEqual([outcome.changes, outcome.base], [[], { field: ['a'] }]);
  });
});
