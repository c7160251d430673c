import type { Scenario } from '../scenario.ts';
import { setStage } from '../stage.ts';

export const scenario: Scenario = {
  number: 1,
  complaint: 'A rep’s edit is overwritten minutes later by an older value from the other CRM',
  async play() {
    const stage = setStage();
    const { hubspot, salesforce } = stage;
    const ada = hubspot.add('contacts', { email: 'ada@one.example', lastname: 'One', jobtitle: 'Buyer' });
    await stage.open();
    const there = salesforce.find('Contact', 'Email', 'ada@one.example');
    // Salesforce is away when the rep edits in HubSpot; meanwhile somebody there edits another field of the same person.
    salesforce.failFor(180_000);
    hubspot.edit('contacts', ada, { jobtitle: 'Head of Buying' });
    await stage.pass(60_000);
    salesforce.edit('Contact', there.id, { FirstName: 'Ada' });
    await stage.pass(180_000);
    await stage.rest();
    const { jobtitle, firstname } = hubspot.row('contacts', ada).fields;
    const { Title, FirstName } = there.fields;
    return { hubspot: [jobtitle, firstname], salesforce: [Title, FirstName] };
  },
  holds: { hubspot: ['Head of Buying', 'Ada'], salesforce: ['Head of Buying', 'Ada'] },
  harm: { hubspot: ['Buyer', 'Ada'], salesforce: ['Buyer', 'Ada'] },
  guard: {
    name: 'a row is compared with what we hold, not with what both sides last agreed on',
    file: 'hub/sync/reconcile.ts',
    find: 'const base = input.base ?? {};',
    replace: 'const base = canonical;',
  },
};
