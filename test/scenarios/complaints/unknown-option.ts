import type { Scenario } from '../scenario.ts';
import { setStage } from '../stage.ts';

export const scenario: Scenario = {
  number: 15,
  complaint: 'One picklist value that the other CRM does not know blocks the whole record',
  async play() {
    const stage = setStage();
    const { hubspot, salesforce } = stage;
    const company = hubspot.add('companies', { name: 'Fifteen', domain: 'fifteen.example', industry: 'BANKING' });
    await stage.open();
    const there = salesforce.find('Account', 'Name', 'Fifteen');
    // One save of a value that no mapping names, and of one that both know.
    salesforce.edit('Account', there.id, { Industry: 'Apparel', Description: 'They sell coats now.' });
    await stage.rest();
    const { industry, description } = hubspot.row('companies', company).fields;
    return {
      industry,
      description: description ?? null,
      parked: stage.parked().map((entry) => [entry.cause, entry.field]),
    };
  },
  holds: { industry: 'BANKING', description: 'They sell coats now.', parked: [['unknown_option', 'industry']] },
  harm: { industry: 'BANKING', description: null, parked: [['unreadable', null]] },
  guard: {
    name: 'a value that cannot be translated is an error of its whole row',
    file: 'mappings/to-canonical.ts',
    find: '  if (found) return { value: found[0] };\n',
    replace: "  if (found) return { value: found[0] };\n  if (written !== '') throw new Error('unknown option');\n",
  },
};
