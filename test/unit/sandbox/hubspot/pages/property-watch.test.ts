import assert from 'node:assert/strict';
import { PropertyWatch } from '../../../../../sandbox/hubspot/pages/client/property-watch.ts';

// UI extensions SDK, actions: onCrmPropertiesUpdate(properties, callback(properties, error?)).
describe('HubSpot pages: subscriptions to properties', () => {
  let calls: [values: Record<string, string>, error: string | undefined][];
  let watch: PropertyWatch;
  const note = (values: Record<string, string>, error?: { message: string }): void => {
    calls.push([values, error?.message]);
  };

  beforeEach(() => {
    calls = [];
    watch = new PropertyWatch(new Set(['dealstage', 'amount', 'dealname']));
  });

  it('call back with all values of the subscription when one of them changes, and only then', () => {
    watch.subscribe(['dealstage', 'amount'], note);
    const before = { dealstage: 'one', amount: null, dealname: 'Pumps' };
    watch.tell(before, { ...before, dealname: 'More pumps' });
    assert.deepEqual(calls, []);
    watch.tell(before, { ...before, dealstage: 'two' });
    assert.deepEqual(calls, [[{ dealstage: 'two', amount: '' }, undefined]]);
  });

  it('take a property read for the first time for no change', () => {
    watch.subscribe('*', note);
    watch.tell({ dealname: 'Pumps' }, { dealname: 'Pumps', amount: '12' });
    assert.deepEqual(calls, []);
    assert.deepEqual(watch.names.toSorted(), ['amount', 'dealname', 'dealstage']);
  });

  it('name a property that the record does not have, and watch the others', () => {
    watch.subscribe(['no_such', 'amount'], note);
    assert.deepEqual(calls, [[{}, 'The record has no property no_such.']]);
    watch.tell({ amount: '1' }, { amount: '2' });
    assert.deepEqual(calls[1], [{ amount: '2' }, undefined]);
  });
});
