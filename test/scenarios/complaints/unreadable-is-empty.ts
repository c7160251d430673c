import type { Scenario } from '../scenario.ts';
import { setStage } from '../stage.ts';

export const scenario: Scenario = {
  number: 25,
  complaint: 'A field that the sync may not read counts as empty, and is emptied in the other CRM',
  async play() {
    const stage = setStage();
    const { hubspot, salesforce } = stage;
    const ada = hubspot.add('contacts', { email: 'ada@last.example', lastname: 'Last', jobtitle: 'Buyer' });
    await stage.open();
    const there = salesforce.find('Contact', 'Email', 'ada@last.example');
    // An admin takes the permission away, and somebody saves another field.
    salesforce.place.account.hidden.add('Contact.Title');
    salesforce.edit('Contact', there.id, { FirstName: 'Ada' });
    await stage.pass(600_000);
    const { jobtitle, firstname } = hubspot.row('contacts', ada).fields;
    return { jobtitle: jobtitle ?? null, firstname, parked: stage.parked().map((entry) => [entry.cause, entry.field]) };
  },
  holds: { jobtitle: 'Buyer', firstname: 'Ada', parked: [['unreadable', 'jobTitle']] },
  harm: { jobtitle: null, firstname: 'Ada', parked: [['unreadable', 'jobTitle']] },
  guard: {
    name: 'what a reading does not show is null',
    file: 'mappings/to-canonical.ts',
    find: 'const raw = name === undefined ? undefined : row[name];',
    replace: 'const raw = name === undefined ? undefined : (row[name] ?? null);',
  },
};
