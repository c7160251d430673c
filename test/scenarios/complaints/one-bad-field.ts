import type { Scenario } from '../scenario.ts';
import { setStage } from '../stage.ts';

export const scenario: Scenario = {
  number: 16,
  complaint: 'One field that the other CRM refuses keeps the whole record from being written',
  async play() {
    const stage = setStage();
    const { hubspot, salesforce } = stage;
    const ada = hubspot.add('contacts', { email: 'ada@sixteen.example', lastname: 'Sixteen' });
    hubspot.add('contacts', { email: 'ben@sixteen.example', lastname: 'Sixteen' });
    await stage.open();
    // HubSpot gives an address to one contact only; Salesforce does not mind.
    const there = salesforce.find('Contact', 'Email', 'ada@sixteen.example');
    salesforce.edit('Contact', there.id, { Email: 'ben@sixteen.example', FirstName: 'Ada' });
    await stage.pass(600_000);
    const { email, firstname } = hubspot.row('contacts', ada).fields;
    return { email, firstname: firstname ?? null, parked: stage.parked().map((entry) => [entry.cause, entry.field]) };
  },
  holds: { email: 'ada@sixteen.example', firstname: 'Ada', parked: [['refused', 'email']] },
  harm: { email: 'ada@sixteen.example', firstname: null, parked: [['refused', 'email']] },
  guard: {
    name: 'a refused field is sent again with the others',
    file: 'hub/sync/plan-link.ts',
    find: 'field !== null && causes.has(cause) ? [[field, value]] : []',
    replace: "field !== null && causes.has(cause) && cause !== 'refused' ? [[field, value]] : []",
  },
};
