import type { Scenario } from '../scenario.ts';
import { setStage } from '../stage.ts';

export const scenario: Scenario = {
  number: 11,
  complaint: 'After a merge in Salesforce the second HubSpot contact stays as an orphan of which nobody knows',
  async play() {
    const stage = setStage();
    const { hubspot, salesforce } = stage;
    const first = hubspot.add('contacts', { email: 'ada@eleven.example', lastname: 'Eleven' });
    const second = hubspot.add('contacts', { email: 'ada.old@eleven.example', lastname: 'Eleven' });
    await stage.open();
    const [master, loser] = ['ada@eleven.example', 'ada.old@eleven.example'].map(
      (email) => salesforce.find('Contact', 'Email', email).id,
    ) as [string, string];
    salesforce.act((tx) => salesforce.place.account.crm.merge(tx, 'Contact', master, loser));
    await stage.rest();
    const linked = stage.links().find((link) => link.externalId === first);
    const waiting = stage.parked().filter((entry) => entry.cause === 'merged_elsewhere');
    return {
      orphan: waiting.map((entry) => [entry.externalId === second, entry.recordId === linked?.recordId]),
      remedy: waiting.every((entry) => entry.remedy.includes('erge')),
    };
  },
  holds: { orphan: [[true, true]], remedy: true },
  harm: { orphan: [], remedy: true },
  guard: {
    name: 'the rows that a merge elsewhere left behind are not told of',
    file: 'hub/sync/merge-rows.ts',
    find: '  await parkTwins(merging, recordId);\n',
    replace: '',
  },
};
