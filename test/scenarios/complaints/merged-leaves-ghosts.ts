import type { Scenario } from '../scenario.ts';
import { setStage } from '../stage.ts';

export const scenario: Scenario = {
  number: 10,
  complaint: 'Rows that were merged live on as ghosts and count twice',
  async play() {
    const stage = setStage();
    const { hubspot } = stage;
    const first = hubspot.add('contacts', { email: 'ada@ten.example', lastname: 'Ten' });
    const second = hubspot.add('contacts', { email: 'ada.old@ten.example', lastname: 'Ten' });
    await stage.open();
    const merged = hubspot.act((tx) => hubspot.place.account.crm.merge(tx, 'contacts', first, second));
    await stage.rest();
    const links = stage.links().filter((link) => link.object === 'contacts');
    const survivor = links.find((link) => link.externalId === merged);
    return {
      contacts: new Set(stage.links().flatMap((link) => (link.state === 'live' ? link.recordId : []))).size,
      lead: [first, second].map((id) => links.find((one) => one.externalId === id)?.recordId === survivor?.recordId),
      live: links.filter((link) => link.state === 'live').map((link) => link.externalId === merged),
    };
  },
  holds: { contacts: 1, lead: [true, true], live: [true] },
  harm: { contacts: 2, lead: [true, false], live: [true] },
  guard: {
    name: 'nobody looks which rows ended in another one',
    file: 'hub/sync/merge-rows.ts',
    find: 'const { merges, unread } = mergesIn(observations);',
    replace: 'const { merges, unread } = mergesIn(observations.slice(0, 0));',
  },
};
