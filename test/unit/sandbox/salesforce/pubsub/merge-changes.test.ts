import assert from 'node:assert/strict';
import { mergeChanges } from '../../../../../sandbox/salesforce/pubsub/merge-changes.ts';
import { rowChange } from './rig.ts';

describe('sandbox/salesforce/pubsub merging of changes', () => {
  it('makes one event of the same change of several rows, and keeps their order otherwise', () => {
    const events = mergeChanges([
      rowChange({ recordId: 'a', fields: { StageName: 'Prospecting' } }),
      rowChange({ recordId: 'b', fields: { StageName: 'Prospecting' } }),
      rowChange({ recordId: 'b', fields: { StageName: 'Qualification' } }),
      rowChange({ recordId: 'c', fields: { StageName: 'Prospecting' } }),
    ]);
    assert.deepEqual(
      events.map(({ recordIds }) => recordIds),
      [['a', 'b'], ['b'], ['c']],
    );
  });

  it('does not merge new rows', () => {
    const created = ['a', 'b'].map((recordId) => rowChange({ recordId, changeType: 'CREATE', fields: { Name: 'x' } }));
    assert.equal(mergeChanges(created).length, 2);
  });

  it('turns what exceeds 100,000 changes into one overflow per entity, counting each updated field', () => {
    const fields = Object.fromEntries(Array.from({ length: 25_000 }, (_, index) => [`F${index}`, index]));
    const events = mergeChanges([
      ...['a', 'b', 'c', 'd'].map((recordId) => rowChange({ recordId, fields })),
      ...['e', 'f'].map((recordId) => rowChange({ recordId, fields })),
      rowChange({ entity: 'Account', changeType: 'DELETE', recordId: 'g' }),
    ]);
    assert.deepEqual(
      events.map(({ entity, changeType, recordIds }) => [entity, changeType, recordIds.join()]),
      [
        ['Opportunity', 'UPDATE', 'a,b,c,d'],
        ['Opportunity', 'GAP_OVERFLOW', '000000000000000AAA'],
        ['Account', 'GAP_OVERFLOW', '000000000000000AAA'],
      ],
    );
  });
});
