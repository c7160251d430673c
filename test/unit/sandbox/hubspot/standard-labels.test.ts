import assert from 'node:assert/strict';
import { deals, standardTypes } from '../../../../sandbox/hubspot/object-types.ts';
import { standardProperties } from '../../../../sandbox/hubspot/standard-properties.ts';

describe('HubSpot: labels of standard properties', () => {
  it('are HubSpot’s own for what a rep sees of a deal', () => {
    const labels = new Map(standardProperties(deals).map(({ name, label }) => [name, label]));
    const shown = ['dealname', 'dealstage', 'closedate', 'hs_next_step', 'hubspot_owner_id', 'deal_currency_code'];
    assert.deepEqual(
      shown.map((name) => labels.get(name)),
      ['Deal Name', 'Deal Stage', 'Close Date', 'Next step', 'Deal owner', 'Currency'],
    );
  });

  it('are not made from the names', () => {
    const made = standardTypes.flatMap((type) =>
      standardProperties(type).filter(({ label }) =>
        /^(?:Hs|Num|Notes|Hubspot) |^[A-Z][a-z]+(?:name|date|stage)$/.test(label),
      ),
    );
    assert.deepEqual(made, []);
  });
});
