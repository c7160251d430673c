import type { Scenario } from '../scenario.ts';
import { setStage } from '../stage.ts';

export const scenario: Scenario = {
  number: 3,
  complaint: 'An edit made while the sync is writing is taken for the sync’s own and swallowed',
  async play() {
    const stage = setStage({ call_ms: 400 });
    const { hubspot, salesforce } = stage;
    const ada = hubspot.add('contacts', { email: 'ada@three.example', firstname: 'A.', lastname: 'Three' });
    await stage.open();
    const there = salesforce.find('Contact', 'Email', 'ada@three.example');
    const { account } = salesforce.place;
    let isEdited = false;
    // A millisecond after our write is taken, and before it is answered, a rep saves another field of that row.
    account.onWrite.push(() => {
      if (isEdited) return;
      isEdited = true;
      const { clock } = stage.world;
      clock.at(clock.now_ms() + 1, () => salesforce.edit('Contact', there.id, { FirstName: 'Ada' }));
    });
    hubspot.edit('contacts', ada, { jobtitle: 'Buyer' });
    await stage.rest();
    const { jobtitle, firstname } = hubspot.row('contacts', ada).fields;
    return { hubspot: [jobtitle, firstname], salesforce: [there.fields['Title'], there.fields['FirstName']] };
  },
  holds: { hubspot: ['Buyer', 'Ada'], salesforce: ['Buyer', 'Ada'] },
  harm: { hubspot: ['Buyer', 'A.'], salesforce: ['Buyer', 'A.'] },
  guard: {
    name: 'while a write of ours is not confirmed, all that the row shows is taken for its echo',
    file: 'hub/sync/reconcile.ts',
    find: 'const untouched = unit.names.filter((name) => sameField(observed, expected, name) || refused.includes(name));',
    replace: 'const untouched = unit.names.filter((name) => sent !== null || sameField(observed, expected, name));',
  },
};
