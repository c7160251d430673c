import type { Scenario } from '../scenario.ts';
import { setStage } from '../stage.ts';

const people = 20;

export const scenario: Scenario = {
  number: 13,
  complaint: 'Turning the sync on makes a duplicate of everybody who is in both CRMs',
  async play() {
    const stage = setStage({ pageSize: 3 });
    const { hubspot, salesforce } = stage;
    for (let index = 0; index < people; index++) {
      hubspot.add('contacts', { email: `n${index}@thirteen.example`, lastname: 'Thirteen' });
      salesforce.add('Contact', { Email: `n${index}@thirteen.example`, LastName: 'Thirteen' });
    }
    // HubSpot is read whole long before Salesforce.
    salesforce.place.account.line.latency_ms = () => 3_000;
    await stage.open();
    const created = [...hubspot.writes, ...salesforce.writes].filter((write) => write.id === null).length;
    const grew = [hubspot.rows('contacts').length > people, salesforce.rows('Contact').length > people];
    return { isAnyCreated: created > 0, grew };
  },
  holds: { isAnyCreated: false, grew: [false, false] },
  harm: { isAnyCreated: true, grew: [false, true] },
  guard: {
    name: 'writing opens before every account was read whole',
    file: 'hub/sync/open-writing.ts',
    find: "if ((await tx.cursor(installation.id, `backfill:${object}`)) !== 'done') return [];",
    replace: '',
  },
};
