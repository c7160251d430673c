import { field } from '../../sim/vendors/field.ts';
import type { Scenario } from '../scenario.ts';
import { setStage } from '../stage.ts';

export const scenario: Scenario = {
  number: 17,
  complaint: 'A child waits for ever for a parent that the other CRM does not take',
  async play() {
    const stage = setStage();
    const { hubspot, salesforce } = stage;
    const companies = hubspot.place.account.crm.schema.get('companies');
    await stage.open();
    // For now HubSpot takes no company without a region, which the hub does not know.
    companies?.set('region', field('region', 'text', { required: true }));
    const company = salesforce.add('Account', { Name: 'Seventeen', Website: 'https://seventeen.example' });
    salesforce.add('Contact', { Email: 'ada@seventeen.example', LastName: 'Seventeen', AccountId: company });
    await stage.pass(600_000);
    const child = hubspot.rows('contacts').find((row) => row.fields['email'] === 'ada@seventeen.example');
    const alone = child ? (child.fields['association:companies'] ?? null) : 'nobody is there';
    companies?.delete('region');
    salesforce.edit('Account', company, { Name: 'Seventeen Ltd' });
    await stage.pass(600_000);
    const parent = hubspot.rows('companies').find((row) => row.fields['name'] === 'Seventeen Ltd');
    return { alone, later: parent !== undefined && child?.fields['association:companies'] === parent.id };
  },
  holds: { alone: null, later: true },
  harm: { alone: 'nobody is there', later: false },
  guard: {
    name: 'a record is not made as long as one that it refers to is missing',
    file: 'hub/sync/plan-link.ts',
    find: 'const parentLooks = 3;',
    replace: 'const parentLooks = Infinity;',
  },
};
