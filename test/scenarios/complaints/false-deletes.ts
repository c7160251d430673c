import type { Scenario } from '../scenario.ts';
import { setStage } from '../stage.ts';

export const scenario: Scenario = {
  number: 9,
  complaint: 'A list that was not whole makes rows count as deleted that are there',
  async play() {
    const stage = setStage({ onDelete: 'archive' });
    const { hubspot, salesforce } = stage;
    const ada = hubspot.add('contacts', { email: 'ada@nine.example', lastname: 'Nine' });
    hubspot.add('contacts', { email: 'ben@nine.example', lastname: 'Nine' });
    await stage.open();
    // HubSpot's lists leave a row out, and nobody says so.
    const { crm } = hubspot.place.account;
    const all = crm.rows.bind(crm);
    crm.rows = (object) => all(object).filter((row) => row.id !== ada);
    await stage.sweep(hubspot);
    crm.rows = all;
    await stage.rest();
    // It is still mirrored.
    salesforce.edit('Contact', salesforce.find('Contact', 'Email', 'ada@nine.example').id, { Title: 'Buyer' });
    await stage.rest();
    return {
      people: salesforce.rows('Contact').length,
      title: hubspot.row('contacts', ada).fields['jobtitle'] ?? null,
    };
  },
  holds: { people: 2, title: 'Buyer' },
  harm: { people: 2, title: null },
  guard: {
    name: 'what a sweep missed is gone, without being read by its id',
    file: 'hub/sync/sweep-page.ts',
    find: "looksAt(deps, object, untold, 'missing'));",
    replace:
      "[]);\n    await tx.saveLinks((await tx.linksByExternalId(installation.id, object, untold)).map((one) => ({ ...one, state: 'retired' as const })));",
  },
};
