import type { Scenario } from '../scenario.ts';
import { setStage } from '../stage.ts';

export const scenario: Scenario = {
  number: 2,
  complaint: 'The two CRMs write the same change to and fro for ever',
  async play() {
    const stage = setStage({ call_ms: 2_000 });
    const { hubspot, salesforce } = stage;
    const ada = hubspot.add('contacts', { email: 'ada@two.example', lastname: 'Two' });
    await stage.world.open();
    await stage.pass(300_000);
    const before = hubspot.writes.length + salesforce.writes.length;
    hubspot.edit('contacts', ada, { jobtitle: 'Buyer' });
    await stage.pass(600_000);
    const written = hubspot.writes.length + salesforce.writes.length - before;
    const { Title } = salesforce.find('Contact', 'Email', 'ada@two.example').fields;
    return { written: written > 100 ? 'more than a hundred times' : written, Title };
  },
  holds: { written: 1, Title: 'Buyer' },
  harm: { written: 'more than a hundred times', Title: 'Buyer' },
  guard: {
    name: 'what both sides agree on already is written again',
    file: 'hub/sync/derive-write.ts',
    find: 'const differs = names.some((name) => base === null || !sameField(canonical, base, name));',
    replace: 'const differs = names.some((name) => base === null || base[name] !== undefined);',
  },
};
