import type { Scenario } from '../scenario.ts';
import { setStage } from '../stage.ts';

export const scenario: Scenario = {
  number: 18,
  complaint: 'A changed association moves no last-modified stamp, and is never seen',
  async play() {
    const stage = setStage();
    const { hubspot, salesforce } = stage;
    const [first, second] = ['One', 'Two'].map((name) =>
      hubspot.add('companies', { name, domain: `${name.toLowerCase()}.eighteen.example` }),
    ) as [string, string];
    const ada = hubspot.add('contacts', {
      email: 'ada@eighteen.example',
      lastname: 'Eighteen',
      'association:companies': first,
    });
    await stage.open();
    const stamp_ms = hubspot.row('contacts', ada).stamp_ms;
    hubspot.edit('contacts', ada, { 'association:companies': second });
    await stage.rest();
    const { AccountId } = salesforce.find('Contact', 'Email', 'ada@eighteen.example').fields;
    return {
      isSilent: hubspot.row('contacts', ada).stamp_ms === stamp_ms,
      company: salesforce.row('Account', String(AccountId)).fields['Name'],
    };
  },
  holds: { isSilent: true, company: 'Two' },
  harm: { isSilent: true, company: 'One' },
  guard: {
    name: 'an event of an association re-reads the row without its associations',
    file: 'hub/sync/observe.ts',
    find: "(byId.get(id) ?? []).some((item) => item.event.change !== 'updated' || item.event.lane !== 'event');",
    replace: "(byId.get(id) ?? []).some((item) => item.event.change === 'created');",
  },
};
