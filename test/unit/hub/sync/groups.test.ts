import assert from 'node:assert/strict';
import { deriveWrite } from '../../../../hub/sync/derive-write.ts';
import { reconcile } from '../../../../hub/sync/reconcile.ts';
import { unitsOf } from '../../../../hub/sync/units.ts';
import type { Fields } from '../../../../protocol/fields.ts';
import { at, fieldRule, person, reading, setAt } from './planner-input.ts';

const rules = ['street', 'city'].map((name) => fieldRule({ name, group: 'address' }));
const address = (street: string | null, city: string | null): Fields => ({ street, city });
const after = (canonical: Fields, planned: ReturnType<typeof reconcile>): Fields => ({
  ...canonical,
  ...Object.fromEntries(planned.changes.map((change) => [change.field, change.after])),
});
const nobody = new Map();

describe('The planner: fields that are decided as one', () => {
  it('puts the fields of a group in one unit, under the rule of the first', () => {
    const units = unitsOf([...rules, fieldRule({ name: 'phone' }), fieldRule({ name: 'zip', group: 'address' })]);
    assert.deepEqual(
      units.map((unit) => unit.names),
      [['street', 'city', 'zip'], ['phone']],
    );
  });

  it('takes or keeps a group whole where both sides edited different fields of it', () => {
    const canonical = address('Their Street', 'Old Town');
    const edits = {
      rules,
      canonical,
      base: address('Old Street', 'Old Town'),
      observed: address('Old Street', 'New Town'),
    };
    const later = reconcile(reading({ ...edits, stamps: { street: setAt(90, 'salesforce') } }));
    assert.deepEqual(after(canonical, later), address('Old Street', 'New Town'));
    assert.deepEqual(
      later.conflicts.map(({ field, lost }) => [field, lost]),
      [
        ['street', 'Their Street'],
        ['city', 'Old Town'],
      ],
    );
    const earlier = reconcile(reading({ ...edits, stamps: { street: setAt(110, 'salesforce') } }));
    assert.deepEqual(after(canonical, earlier), canonical);
    assert.deepEqual(
      earlier.conflicts.map(({ field, lost }) => [field, lost]),
      [
        ['street', 'Old Street'],
        ['city', 'New Town'],
      ],
    );
  });

  it('compares the newest edit of the group, and only fields that were edited', () => {
    const canonical = address('Their Street', 'Their Town');
    const edits = {
      rules,
      canonical,
      base: address('Old Street', 'Old Town'),
      observed: address('Old Street', 'New Town'),
    };
    const evidence = [{ field: 'city', value: 'New Town', at_ms: at(70), author: person }];
    const stamps = { street: setAt(55, 'salesforce'), city: setAt(80, 'salesforce') } as const;
    assert.deepEqual(
      reconcile(reading({ ...edits, stamps, evidence })).changes,
      [],
      'edited at 70 s, although the row is of 100 s',
    );
    const older = { street: setAt(60, 'salesforce'), city: setAt(55, 'salesforce') } as const;
    assert.equal(reconcile(reading({ ...edits, stamps: older, evidence })).changes.length, 2);
  });

  it('writes a group whole, so that no half of it lands beside an edit we have not seen', () => {
    const write = deriveWrite({
      rules,
      canonical: address('New', 'Town'),
      base: address('Old', 'Town'),
      refused: nobody,
    });
    assert.deepEqual(write, address('New', 'Town'));
    const cleared = deriveWrite({
      rules,
      canonical: address('New', null),
      base: address('Old', null),
      refused: nobody,
    });
    assert.deepEqual(cleared, address('New', null));
    assert.deepEqual(deriveWrite({ rules, canonical: address('New', null), base: null, refused: nobody }), {
      street: 'New',
    });
  });

  it('does not write a field of the group that this side never showed or no side ever gave', () => {
    const base = { street: 'Old' };
    assert.deepEqual(deriveWrite({ rules, canonical: address('New', 'Town'), base, refused: nobody }), {
      street: 'New',
    });
    const canonical = { street: 'New' };
    assert.deepEqual(deriveWrite({ rules, canonical, base: address('Old', 'Town'), refused: nobody }), canonical);
  });

  it('waits with the group while one of its values is refused', () => {
    const refused = new Map([['city', 'Town']]);
    const base = address('Old', 'Old Town');
    assert.deepEqual(deriveWrite({ rules, canonical: address('New', 'Town'), base, refused }), {});
    const shorter = address('New', 'T.');
    assert.deepEqual(deriveWrite({ rules, canonical: shorter, base, refused }), shorter);
  });

  it('knows a write of which one field was not taken, and does not take the half for an edit', () => {
    const canonical = address('New Street', 'New Town');
    const written = { rules, canonical, sent: canonical, base: address('Old Street', 'Old Town') };
    const planned = reconcile(reading({ ...written, observed: address('New Street', 'Old Town') }));
    assert.deepEqual([planned.changes, planned.conflicts, planned.refused], [[], [], ['city']]);
    assert.deepEqual(planned.base, address('New Street', 'Old Town'));
  });

  it('takes an edit of one field made on top of our write', () => {
    const canonical = address('New Street', 'New Town');
    const written = { rules, canonical, sent: canonical, base: address('Old Street', 'Old Town') };
    const planned = reconcile(reading({ ...written, observed: address('New Street', 'Their Town') }));
    assert.deepEqual([after(canonical, planned), planned.conflicts], [address('New Street', 'Their Town'), []]);
  });

  it('waits with a group of which a field cannot be read any more, and goes on without one that never could', () => {
    const canonical = address('Old Street', 'Old Town');
    const torn = reconcile(reading({ rules, canonical, base: canonical, observed: { street: 'New Street' } }));
    assert.deepEqual([torn.changes, torn.base], [[], canonical]);
    const never = reconcile(
      reading({ rules, canonical, base: { street: 'Old Street' }, observed: { street: 'New Street' } }),
    );
    assert.deepEqual(
      [after(canonical, never), never.base],
      [address('New Street', 'Old Town'), { street: 'New Street' }],
    );
  });

  it('does not write a torn group over and over', () => {
    const canonical = address('New Street', 'New Town');
    const written = { rules, canonical, sent: canonical, base: address('Old Street', 'Old Town') };
    const { base } = reconcile(reading({ ...written, observed: { street: 'New Street' } }));
    assert.deepEqual(deriveWrite({ rules, canonical, base, refused: nobody }), {});
  });

  it('takes blanks of a group as blanks, so that they win over another side later', () => {
    const first = reconcile(reading({ rules, base: null, previousAt_ms: null, observed: address('Theirs', null) }));
    const canonical = after({}, first);
    assert.deepEqual(canonical, address('Theirs', null));
    const stamps = { street: setAt(110, 'hubspot') };
    const second = reconcile(
      reading({
        side: 'salesforce',
        rules,
        canonical,
        stamps,
        base: null,
        previousAt_ms: null,
        observed: address('Other', 'Other Town'),
      }),
    );
    assert.deepEqual(after(canonical, second), canonical);
    assert.deepEqual(deriveWrite({ rules, canonical, base: second.base, refused: nobody }), canonical);
  });
});
