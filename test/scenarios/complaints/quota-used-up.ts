import type { Scenario } from '../scenario.ts';
import { setStage } from '../stage.ts';

const rows = 90;

export const scenario: Scenario = {
  number: 20,
  complaint: 'A bulk edit uses up the API quota, and everything stops',
  async play() {
    // So many pages of changes that they would go faster than HubSpot allows: five searches a second.
    const stage = setStage({ rates: { event_dropped: 1 }, pageSize: 3 });
    const { hubspot, salesforce } = stage;
    const ids = Array.from({ length: rows }, (_, index) =>
      hubspot.add('contacts', { email: `n${index}@twenty.example`, lastname: 'Twenty' }),
    );
    await stage.open();
    for (const id of ids) hubspot.edit('contacts', id, { jobtitle: 'Buyer' });
    await stage.rest();
    return {
      isBeyond: hubspot.place.account.line.quota.excess.length > 0,
      arrived: salesforce.rows('Contact').filter((row) => row.fields['Title'] === 'Buyer').length,
    };
  },
  holds: { isBeyond: false, arrived: rows },
  harm: { isBeyond: true, arrived: 90 },
  guard: {
    name: 'searches are not counted against the account’s limit',
    file: 'hub/budget/gates.ts',
    find: 'search: { calls: 4, window_ms: 1_000 }',
    replace: 'search: { calls: 4_000, window_ms: 1_000 }',
  },
};
