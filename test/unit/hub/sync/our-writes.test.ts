import assert from 'node:assert/strict';
import { deriveWrite } from '../../../../hub/sync/derive-write.ts';
import { reconcile, type Reconciled } from '../../../../hub/sync/reconcile.ts';
import type { Fields, Value } from '../../../../protocol/fields.ts';
import { at, fieldRule, person, rapport, reading, setAt } from './planner-input.ts';

const nothing = { changes: [], conflicts: [], refused: [] };
const outcome = ({ changes, conflicts, refused }: Reconciled): object => ({ changes, conflicts, refused });
const taken = (planned: Reconciled): Record<string, Value> =>
  Object.fromEntries(planned.changes.map((change) => [change.field, change.after]));

/** `old` was agreed on; `ours`, set at Salesforce, was written to HubSpot and answered with success. */
const answered = (input: Parameters<typeof reading>[0]): ReturnType<typeof reading> =>
  reading({
    canonical: { field: 'ours' },
    stamps: { field: setAt(60, 'salesforce') },
    base: { field: 'old' },
    sent: { field: 'ours' },
    ...input,
  });

describe('The planner: what became of our own write', () => {
  it('takes the value we wrote as our echo', () => {
    const planned = reconcile(answered({ observed: { field: 'ours' } }));
    assert.deepEqual(outcome(planned), nothing);
    assert.deepEqual(planned.base, { field: 'ours' });
  });

  it('reports a success that did not take the value, and waits with it until it changes', () => {
    const planned = reconcile(answered({ observed: { field: 'old' } }));
    assert.deepEqual(outcome(planned), { ...nothing, refused: ['field'] });
    const rules = [fieldRule()];
    const refused = new Map([['field', 'ours']]);
    assert.deepEqual(deriveWrite({ rules, canonical: { field: 'ours' }, base: planned.base, refused }), {});
    const changed = { field: 'changed' };
    assert.deepEqual(deriveWrite({ rules, canonical: changed, base: planned.base, refused }), changed);
  });

  it('reports a create that left a value out, and does not take the blank for an edit', () => {
    const planned = reconcile(answered({ base: null, previousAt_ms: null, observed: { field: null } }));
    assert.deepEqual(outcome(planned), { ...nothing, refused: ['field'] });
    const refused = new Map([['field', 'ours']]);
    const rules = [fieldRule()];
    assert.deepEqual(deriveWrite({ rules, canonical: { field: 'ours' }, base: planned.base, refused }), {});
    const changed = { field: 'changed' };
    assert.deepEqual(deriveWrite({ rules, canonical: changed, base: planned.base, refused }), changed);
  });

  it('does not take what the CRM fills in at our create for an edit, unless an event shows that a person did', () => {
    const group = ['amount', 'currency'].map((name) => fieldRule({ name, group: 'money' }));
    const created = answered({
      rules: [...group, fieldRule({ name: 'name' })],
      canonical: { name: 'Deal', amount: 5_005 },
      stamps: { amount: setAt(99, 'salesforce') },
      base: null,
      previousAt_ms: null,
      sent: { name: 'Deal' },
      observed: { name: 'Deal', amount: null, currency: 'EUR' },
    });
    const planned = reconcile(created);
    assert.deepEqual(outcome(planned), nothing);
    const due = deriveWrite({ rules: group, canonical: created.canonical, base: planned.base, refused: new Map() });
    assert.deepEqual(due, { amount: 5_005 }, 'what was entered meanwhile goes out');
    const blank = { ...created, canonical: { name: 'Deal' }, stamps: {} };
    assert.deepEqual(taken(reconcile(blank)), { amount: null, currency: 'EUR' }, 'it fills what nobody set');
    assert.deepEqual(reconcile(blank).filledIn, ['amount', 'currency'], 'and gives way to any edit');
    const evidence = [{ field: 'currency', value: 'EUR', at_ms: at(100), author: person }];
    assert.deepEqual(reconcile({ ...blank, evidence }).filledIn, [], 'a person chose it');
    assert.ok(reconcile({ ...created, evidence }).conflicts.some(({ field }) => field === 'amount'));
  });

  it('what a CRM filled in at our create gives way to an edit of the other side, though the two are of one moment', () => {
    const edited = reading({
      rules: ['amount', 'currency'].map((name) => fieldRule({ name, group: 'money' })),
      canonical: { amount: null, currency: 'EUR' },
      stamps: { currency: setAt(100, 'salesforce') },
      base: { amount: null, currency: null },
      observed: { amount: 5_005, currency: null },
    });
    assert.deepEqual(taken(reconcile(edited)), {}, 'a tie goes to the side that the mapping names');
    const filledIn = { currency: { ...setAt(100, 'salesforce'), filledIn: true as const } };
    assert.deepEqual(taken(reconcile({ ...edited, stamps: filledIn })), { amount: 5_005, currency: null });
  });

  it('keeps an edit under our write also where a late reading shows that both arrived at the same', () => {
    const evidence = [{ field: 'field', value: 'theirs', at_ms: at(90), author: person }];
    const late = answered({ sent: null, observed: { field: 'ours' }, evidence });
    assert.deepEqual(
      reconcile(late).conflicts.map(({ lost, kept, reason }) => [lost, kept, reason]),
      [['theirs', 'ours', 'overwritten']],
    );
  });

  it('of two accounts of one CRM, each hides only its own edits', () => {
    const evidence = [{ field: 'field', value: 'late', at_ms: at(55), author: person }];
    const there = { ...setAt(60, 'hubspot'), installationId: 'another' };
    const read = { ...answered({ observed: { field: 'ours' } }), evidence };
    assert.equal(reconcile({ ...read, stamps: { field: there } }).conflicts[0]?.lost, 'late');
    assert.deepEqual(reconcile({ ...read, stamps: { field: setAt(60, 'hubspot') } }).conflicts, []);
  });

  for (const base of [{ field: 'old' }, null])
    it(`lets an edit made after our ${base ? 'write' : 'create'} landed win without a Conflict`, () => {
      const planned = reconcile(answered({ base, observed: { field: 'theirs' } }));
      assert.deepEqual([taken(planned), planned.conflicts, planned.refused], [{ field: 'theirs' }, [], []]);
    });

  it('lets the old value win where a person set it again after our write', () => {
    const evidence = [{ field: 'field', value: 'old', at_ms: at(90), author: person }];
    const planned = reconcile(answered({ observed: { field: 'old' }, evidence }));
    assert.deepEqual([taken(planned), planned.conflicts, planned.refused], [{ field: 'old' }, [], []]);
  });

  it('takes neither a late event of the old value nor an automation for such a person', () => {
    for (const one of [
      { at_ms: at(40), author: person },
      { at_ms: at(50.9), author: person },
      { at_ms: at(90), author: { kind: 'automation' as const, userId: null } },
      { at_ms: at(90), author: rapport },
    ]) {
      const planned = reconcile(
        answered({ observed: { field: 'old' }, evidence: [{ field: 'field', value: 'old', ...one }] }),
      );
      assert.deepEqual(outcome(planned), { ...nothing, refused: ['field'] });
    }
  });

  it('settles by the rule an edit made there while the canonical value had moved on', () => {
    const moved = { canonical: { field: 'newer' }, stamps: { field: setAt(120, 'salesforce') } };
    const planned = reconcile(answered({ ...moved, observed: { field: 'theirs' } }));
    assert.deepEqual(taken(planned), {});
    assert.deepEqual(
      planned.conflicts.map(({ winner, loser, lost }) => ({ winner, loser, lost })),
      [{ winner: 'salesforce', loser: 'hubspot', lost: 'theirs' }],
    );
    assert.deepEqual(planned.base, { field: 'theirs' });
  });

  it('knows its echo while the canonical value has moved on, and writes the rest', () => {
    const planned = reconcile(answered({ canonical: { field: 'newer' }, observed: { field: 'ours' } }));
    assert.deepEqual(outcome(planned), nothing);
    const write = deriveWrite({
      rules: [fieldRule()],
      canonical: { field: 'newer' },
      base: planned.base,
      refused: new Map(),
    });
    assert.deepEqual(write, { field: 'newer' });
  });

  it('takes the answer for it where the value cannot be read back, and does not write for ever', () => {
    for (const rules of [[fieldRule()], []]) {
      const planned = reconcile(answered({ rules, observed: {} }));
      assert.deepEqual(outcome(planned), nothing);
      const canonical = { field: 'ours' };
      assert.deepEqual(deriveWrite({ rules: [fieldRule()], canonical, base: planned.base, refused: new Map() }), {});
    }
  });

  it('never lets a default of our own create travel back', () => {
    const rules = [fieldRule(), fieldRule({ name: 'other' })];
    const created = { rules, base: null, previousAt_ms: null, defaulted: new Set(['field']) };
    const canonical: Fields = { other: 'ours' };
    const planned = reconcile(
      reading({ ...created, canonical, sent: canonical, observed: { field: 'default', other: 'ours' } }),
    );
    assert.deepEqual(outcome(planned), nothing);
    assert.deepEqual(deriveWrite({ rules, canonical, base: planned.base, refused: new Map() }), {});
    const next = { rules, base: planned.base, canonical, observed: { field: 'default', other: 'ours' } };
    assert.deepEqual(outcome(reconcile(reading(next))), nothing);
    const edited = reconcile(reading({ ...next, observed: { field: 'chosen', other: 'ours' } }));
    assert.deepEqual(taken(edited), { field: 'chosen' }, 'a person who changes the default is heard');
  });

  for (const late of [false, true])
    it(`hears a person who changed a default before we first read it, by the event${late ? ' that came later' : ''}`, () => {
      const evidence = [{ field: 'field', value: 'chosen', at_ms: at(90), author: person }];
      const observed = { field: 'chosen' };
      const created = { base: null, sent: {}, previousAt_ms: null, defaulted: new Set(['field']) };
      const first = reconcile(reading({ ...created, observed, evidence: late ? [] : evidence }));
      assert.deepEqual(taken(first), late ? {} : observed);
      if (late) assert.deepEqual(taken(reconcile(reading({ base: first.base, observed, evidence }))), observed);
    });

  it('keeps a default in a group apart from what was written of the group', () => {
    const group = { group: 'money' };
    const rules = [fieldRule({ name: 'amount', ...group }), fieldRule({ name: 'currency', ...group })];
    const canonical: Fields = { amount: '100' };
    const created = { rules, base: null, previousAt_ms: null, defaulted: new Set(['currency']) };
    const observed = { amount: '100', currency: 'USD' };
    assert.deepEqual(outcome(reconcile(reading({ ...created, canonical, sent: canonical, observed }))), nothing);
  });
});
