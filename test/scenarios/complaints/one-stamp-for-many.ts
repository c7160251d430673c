import type { Scenario } from '../scenario.ts';
import { setStage } from '../stage.ts';

const rows = 10;

export const scenario: Scenario = {
  number: 5,
  complaint: 'A bulk edit gives many rows one timestamp, and all but a page of them are skipped',
  async play() {
    const stage = setStage({ rates: { event_dropped: 1 }, pageSize: 3 });
    const { hubspot, salesforce } = stage;
    const ids = Array.from({ length: rows }, (_, index) =>
      hubspot.add('contacts', { email: `n${index}@five.example`, lastname: 'Five' }),
    );
    await stage.open();
    hubspot.act((tx) => {
      for (const id of ids) hubspot.place.account.crm.save(tx, 'contacts', id, { jobtitle: 'Buyer' });
    });
    await stage.rest();
    const arrived = salesforce.rows('Contact').filter((row) => row.fields['Title'] === 'Buyer').length;
    return { arrived: arrived === rows ? 'all' : arrived > 0 ? 'some' : 'none' };
  },
  holds: { arrived: 'all' },
  harm: { arrived: 'some' },
  guard: {
    name: 'the place in the list of changes is a timestamp alone, without the row’s id',
    file: 'hub/sync/poll-position.ts',
    find: 'return { ...walk, since: last, ...(isNewer && { newest: last, seenAt_ms: now_ms }) };',
    replace:
      "return { ...walk, since: { stamp_ms: last.stamp_ms + 1, id: '' }, ...(isNewer && { newest: last, seenAt_ms: now_ms }) };",
  },
};
