import type { Scenario } from '../scenario.ts';
import { setStage } from '../stage.ts';

const rows = 60;

export const scenario: Scenario = {
  number: 4,
  complaint: 'What changes during a run is lost, since the next run begins where this one ended',
  async play() {
    // Webhooks never come, so that all depends on the runs, and a call takes up to two seconds each way.
    const stage = setStage({ rates: { event_dropped: 1 }, call_ms: 2_000 });
    const { hubspot, salesforce } = stage;
    const ids = Array.from({ length: rows }, (_, index) =>
      hubspot.add('contacts', { email: `n${index}@four.example`, lastname: 'Four' }),
    );
    await stage.open();
    // Somebody saves a row every second, so that some are saved while a run is under way.
    for (const id of ids) {
      hubspot.edit('contacts', id, { jobtitle: 'Buyer' });
      await stage.pass(1_000);
    }
    await stage.rest();
    const arrived = salesforce.rows('Contact').filter((row) => row.fields['Title'] === 'Buyer').length;
    return { arrived: arrived === rows ? 'all' : arrived > 0 ? 'some' : 'none' };
  },
  holds: { arrived: 'all' },
  harm: { arrived: 'some' },
  guard: {
    name: 'the next run begins at the instant at which this one ended',
    file: 'hub/sync/poll-position.ts',
    find: '    settled: !isNewer && walk.startedAt_ms - before.seenAt_ms > overlap_ms,\n',
    replace: "    settled: true,\n    ...{ newest: { stamp_ms: now_ms, id: '' } },\n",
  },
};
