import assert from 'node:assert/strict';
import { foldRecord } from '../../../../hub/sync/fold-record.ts';
import type { Fields } from '../../../../protocol/fields.ts';
import type { FieldRule } from '../../../../protocol/mapping.ts';
import type { StoredRecord } from '../../../../protocol/nouns.ts';
import { fieldRule, setAt } from './planner-input.ts';

/** The one that stays was set at HubSpot, at 10 s; the other later, at Salesforce. */
const record = (id: string, fields: Fields): StoredRecord => {
  const stamp = id === 'stays' ? setAt(10, 'hubspot') : setAt(20, 'salesforce');
  const stamps = Object.fromEntries(Object.keys(fields).map((name) => [name, stamp]));
  return { id, kind: 'company', fields, stamps, deletedAt_ms: null, mergedInto: null };
};
const fold = (rules: readonly FieldRule[], stays: Fields, ends: Fields) =>
  foldRecord(rules, record('stays', stays), record('ends', ends));
const rule = (more: Partial<FieldRule> = {}): FieldRule[] => [fieldRule(more)];
const order = ['false', 'true'];

describe('hub/sync two records that become one', () => {
  it('the one that stays keeps its values, whichever is newer; what is lost is told with its side', () => {
    const { record, conflicts, changes } = fold(rule(), { field: 'Ours' }, { field: 'Theirs' });
    assert.deepEqual([record.fields, changes], [{ field: 'Ours' }, []]);
    assert.deepEqual(conflicts, [
      { field: 'field', winner: 'hubspot', loser: 'salesforce', lost: 'Theirs', kept: 'Ours', reason: 'merged' },
    ]);
  });

  it('its blanks are filled, with when and where the value was set; cleared counts as blank', () => {
    for (const before of [{}, { field: null }] as Fields[]) {
      const { record, conflicts, changes } = fold(rule(), before, { field: 'Theirs' });
      assert.deepEqual([record.fields, conflicts], [{ field: 'Theirs' }, []]);
      assert.deepEqual(record.stamps['field'], setAt(20, 'salesforce'));
      assert.deepEqual(changes, [{ field: 'field', before: null, after: 'Theirs' }]);
    }
  });

  it('a group is filled whole or not at all', () => {
    const rules = ['street', 'city'].map((name) => fieldRule({ name, group: 'address' }));
    const ours = fold(rules, { street: null, city: 'Kiel' }, { street: 'Weg 1', city: 'Ulm' });
    assert.deepEqual(ours.record.fields, { street: null, city: 'Kiel' });
    assert.deepEqual(
      ours.conflicts.map(({ field, lost }) => [field, lost]),
      [
        ['street', 'Weg 1'],
        ['city', 'Ulm'],
      ],
    );
    const filled = fold(rules, { street: null, city: null }, { street: 'Weg 1', city: 'Ulm' });
    assert.deepEqual(filled.record.fields, { street: 'Weg 1', city: 'Ulm' });
  });

  it('an opt-out of either is the one’s; a stage is the furthest', () => {
    for (const one of ['most-restrictive', 'forward-only'] as const) {
      const rules = rule({ rule: one, order });
      assert.equal(fold(rules, { field: 'false' }, { field: 'true' }).record.fields['field'], 'true');
      const kept = fold(rules, { field: 'true' }, { field: 'false' });
      assert.deepEqual([kept.record.fields['field'], kept.conflicts.length], ['true', 1]);
    }
  });

  it('texts that are both kept are one below the other; sets are joined; what both have is nothing', () => {
    assert.equal(fold(rule({ rule: 'append' }), { field: 'A' }, { field: 'B' }).record.fields['field'], 'A\nB');
    const sets = fold(rule({ type: 'references' }), { field: ['b'] }, { field: ['a', 'b'] });
    assert.deepEqual([sets.record.fields['field'], sets.conflicts], [['a', 'b'], []]);
    const same = fold(rule(), { field: 'A' }, { field: 'A' });
    assert.deepEqual([same.changes, same.conflicts], [[], []]);
    const blank = fold(rule(), { field: 'A' }, { field: null });
    assert.deepEqual([blank.record.fields, blank.conflicts], [{ field: 'A' }, []]);
  });
});
