import type { Scenario } from '../scenario.ts';
import { setStage } from '../stage.ts';

export const scenario: Scenario = {
  number: 19,
  complaint: 'A field that became a formula in one CRM drifts apart from the other, and nobody is told',
  async play() {
    const stage = setStage();
    const { hubspot, salesforce } = stage;
    const ada = hubspot.add('contacts', { email: 'ada@nineteen.example', lastname: 'Nineteen', jobtitle: 'Buyer' });
    await stage.open();
    const there = salesforce.find('Contact', 'Email', 'ada@nineteen.example');
    const { crm } = salesforce.place.account;
    const title = crm.schema.get('Contact')?.get('Title');
    if (!title) throw new Error('A contact has a title.');
    // An admin makes a formula of it; a quarter of an hour later that is known.
    crm.schema.get('Contact')?.set('Title', { ...title, readOnly: true });
    await stage.pass(900_000);
    hubspot.edit('contacts', ada, { jobtitle: 'Head of Buying' });
    await stage.pass(600_000);
    const written = salesforce.writes.filter(({ id, fields }) => id === there.id && 'Title' in fields).length;
    const parked = stage.parked().map((entry) => [entry.cause, entry.field]);
    return { written, parked };
  },
  holds: { written: 0, parked: [['not_writable', 'jobTitle']] },
  harm: { written: 0, parked: [] },
  guard: {
    name: 'what the CRM lets nobody write is passed over in silence',
    file: 'hub/sync/plan-link.ts',
    find: 'if (described?.writable) return [];',
    replace: 'if (described) return [];',
  },
};
