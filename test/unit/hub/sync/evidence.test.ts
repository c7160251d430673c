import assert from 'node:assert/strict';
import { reconcile, type Evidence } from '../../../../hub/sync/reconcile.ts';
import { at, fieldRule, person, rapport, reading, setAt } from './planner-input.ts';

const shown = (value: Evidence['value'], seconds: number, author = person): Evidence => ({
  field: 'field',
  value,
  at_ms: at(seconds),
  author,
});

/** Salesforce's value was written over HubSpot's `old` at 80 s. */
const written = {
  canonical: { field: 'ours' },
  stamps: { field: setAt(60, 'salesforce') },
  base: { field: 'old' },
  sent: { field: 'ours' },
  observed: { field: 'ours' },
};
/** The same, read back and confirmed. */
const confirmed = { ...written, base: { field: 'ours' }, sent: null, previousAt_ms: at(80) };

describe('The planner: values that only an event shows', () => {
  for (const [when, state] of [
    ['before our write is read back', written],
    ['after our write was read back', confirmed],
  ] as const) {
    for (const lost of ['theirs', null])
      it(`keeps an edit (${lost}) that our write replaced, where its event comes ${when}`, () => {
        const planned = reconcile(reading({ ...state, evidence: [shown(lost, 70), shown('ours', 80, rapport)] }));
        assert.deepEqual(planned.changes, []);
        assert.deepEqual(planned.conflicts, [
          { field: 'field', winner: 'hub', loser: 'hubspot', lost, kept: 'ours', reason: 'overwritten' },
        ]);
      });

    it(`keeps nothing that is known, ours, or replaced by its own author, ${when}`, () => {
      for (const evidence of [
        [shown('ours', 80)],
        [shown('old', 70), shown('old', 40)],
        [shown('earlier', 70, rapport)],
        [shown('theirs', 70), shown('old', 75)],
        [{ ...shown('theirs', 70), field: 'another' }],
      ])
        if (when.startsWith('before') || !evidence.some((one) => one.value === 'old'))
          assert.deepEqual(reconcile(reading({ ...state, evidence })).conflicts, []);
    });
  }

  it('keeps nothing where the value there is by people of the same CRM', () => {
    const theirs = { canonical: { field: 'last' }, stamps: { field: setAt(60, 'hubspot') }, base: { field: 'last' } };
    const planned = reconcile(reading({ ...theirs, observed: { field: 'last' }, evidence: [shown('first', 55)] }));
    assert.deepEqual(planned.conflicts, []);
  });

  it('keeps an edit made after the value of their own that we put back over it', () => {
    const theirs = { canonical: { field: 'first' }, stamps: { field: setAt(60, 'hubspot') }, base: { field: 'first' } };
    const planned = reconcile(reading({ ...theirs, observed: { field: 'first' }, evidence: [shown('second', 65)] }));
    assert.deepEqual(
      planned.conflicts.map((one) => one.lost),
      ['second'],
    );
  });

  it('keeps what our write replaced in a group, although another field of it was edited on top', () => {
    const group = { group: 'group' };
    const planned = reconcile(
      reading({
        rules: [fieldRule(group), fieldRule({ name: 'second', ...group })],
        canonical: { field: 'ours', second: 'ours' },
        stamps: { field: setAt(60, 'salesforce'), second: setAt(60, 'salesforce') },
        base: { field: 'old', second: 'old' },
        sent: { field: 'ours', second: 'ours' },
        observed: { field: 'ours', second: 'edited' },
        evidence: [shown('theirs', 70)],
      }),
    );
    assert.deepEqual(
      planned.changes.map((one) => one.after),
      ['edited'],
    );
    assert.deepEqual(
      planned.conflicts.map((one) => [one.field, one.lost]),
      [['field', 'theirs']],
    );
  });

  const edited = { canonical: { field: 'old' }, base: { field: 'old' }, observed: { field: 'new' } };

  it('takes stamp and author of an edit from its event, not from the row', () => {
    const author = { kind: 'automation' as const, userId: null };
    const [change] = reconcile(reading({ ...edited, evidence: [shown('new', 70), shown('new', 75, author)] })).changes;
    assert.deepEqual(change, { field: 'field', before: 'old', after: 'new', at_ms: at(75), author });
    const [plain] = reconcile(reading({ ...edited, evidence: [shown('another', 70)] })).changes;
    assert.deepEqual(plain, { field: 'field', before: 'old', after: 'new', at_ms: at(100), author: person });
  });

  it('does not date an edit by the late event of an earlier edit to the same value', () => {
    const concurrent = { ...edited, canonical: { field: 'other' }, stamps: { field: setAt(60, 'salesforce') } };
    const planned = reconcile(reading({ ...concurrent, evidence: [shown('new', 10)] }));
    assert.deepEqual(
      planned.changes.map(({ after, at_ms }) => [after, at_ms]),
      [['new', at(100)]],
    );
  });

  it('compares a field by its own event, so that another edit of the row does not make it newer', () => {
    const rules = [fieldRule(), fieldRule({ name: 'second' })];
    const planned = reconcile(
      reading({
        rules,
        canonical: { field: 'other', second: 'b' },
        stamps: { field: setAt(80, 'salesforce'), second: setAt(80, 'salesforce') },
        base: { field: 'old', second: 'a' },
        observed: { field: 'new', second: 'c' },
        evidence: [shown('new', 60)],
      }),
    );
    assert.deepEqual(
      planned.changes.map((change) => change.field),
      ['second'],
    );
    assert.deepEqual(
      planned.conflicts.map(({ field, lost }) => [field, lost]),
      [
        ['field', 'new'],
        ['second', 'b'],
      ],
    );
  });
});
