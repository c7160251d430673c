import type { Scenario } from '../scenario.ts';
import { setStage } from '../stage.ts';

export const scenario: Scenario = {
  number: 14,
  complaint: 'Of two duplicates the sync takes the one that was touched last',
  async play() {
    const stage = setStage();
    const { hubspot, salesforce } = stage;
    const [first = '', second = ''] = ['Ada', 'A.'].map((name) =>
      salesforce.add('Contact', { Email: 'ada@fourteen.example', FirstName: name, LastName: 'Fourteen' }),
    );
    const ada = hubspot.add('contacts', { email: 'ada@fourteen.example', lastname: 'Fourteen', jobtitle: 'Buyer' });
    const waiting = (): number => stage.parked().filter((entry) => entry.cause === 'ambiguous_match').length;
    const titles = (): unknown[] => salesforce.rows('Contact').map((row) => row.fields['Title'] ?? null);
    await stage.open();
    for (const id of [first, second]) {
      salesforce.edit('Contact', id, { Phone: '+1 202 555 0114' });
      await stage.rest();
    }
    const phone = hubspot.row('contacts', ada).fields['phone'] ?? null;
    const untold = { waiting: waiting(), titles: titles(), phone };
    // A person deletes one of them: now it is known whose row the other is.
    salesforce.act((tx) => salesforce.place.account.crm.archive(tx, 'Contact', second));
    await stage.rest();
    return { untold, told: { waiting: waiting(), titles: titles() } };
  },
  holds: {
    untold: { waiting: 2, titles: [null, null], phone: null },
    told: { waiting: 0, titles: ['Buyer'] },
  },
  harm: {
    untold: { waiting: 1, titles: ['Buyer', null], phone: '+1 202 555 0114' },
    told: { waiting: 0, titles: ['Buyer'] },
  },
  guard: {
    name: 'a duplicate that is looked at alone is taken for the only one',
    file: 'hub/sync/find-records.ts',
    find: ' || contested.has(only as string))',
    replace: ')',
  },
};
