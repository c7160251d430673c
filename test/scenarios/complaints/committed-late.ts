import type { Scenario } from '../scenario.ts';
import { setStage } from '../stage.ts';

export const scenario: Scenario = {
  number: 6,
  complaint: 'A row that is committed late has a timestamp from before the last run, and is never seen',
  async play() {
    const stage = setStage({ rates: { event_dropped: 1 } });
    const { hubspot, salesforce } = stage;
    const early = hubspot.add('contacts', { email: 'early@six.example', lastname: 'Six' });
    const late = hubspot.add('contacts', { email: 'late@six.example', lastname: 'Six' });
    await stage.open();
    hubspot.edit('contacts', early, { jobtitle: 'Buyer' });
    await stage.pass(60_000);
    // Its transaction began before the other one's, and ends a minute after it.
    hubspot.edit('contacts', late, { jobtitle: 'Buyer' });
    const row = hubspot.row('contacts', late);
    const stamp_ms = hubspot.row('contacts', early).stamp_ms - 1_000;
    row.stamp_ms = stamp_ms;
    row.versions.push({ ...(row.versions.pop() as (typeof row.versions)[number]), stamp_ms });
    await stage.rest();
    return {
      early: salesforce.find('Contact', 'Email', 'early@six.example').fields['Title'],
      late: salesforce.find('Contact', 'Email', 'late@six.example').fields['Title'] ?? null,
    };
  },
  holds: { early: 'Buyer', late: 'Buyer' },
  harm: { early: 'Buyer', late: null },
  guard: {
    name: 'a run begins behind the newest row that was seen, without an overlap',
    file: 'hub/sync/poll-position.ts',
    find: "const start = settled ? newest : { stamp_ms: Math.max(0, newest.stamp_ms - overlap_ms - took_ms), id: '' };",
    replace: 'const start = newest;',
  },
};
