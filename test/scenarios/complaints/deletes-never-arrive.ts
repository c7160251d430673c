import type { Scenario } from '../scenario.ts';
import { setStage } from '../stage.ts';

export const scenario: Scenario = {
  number: 8,
  complaint: 'Rows that were deleted or archived stay for ever in the other CRM',
  async play() {
    // The event of the deletion is lost, and HubSpot's list of changes shows no archived rows.
    const stage = setStage({ rates: { event_dropped: 1 }, onDelete: 'archive' });
    const { hubspot, salesforce } = stage;
    const gone = hubspot.add('contacts', { email: 'gone@eight.example', lastname: 'Eight' });
    hubspot.add('contacts', { email: 'stays@eight.example', lastname: 'Eight' });
    await stage.open();
    hubspot.act((tx) => hubspot.place.account.crm.archive(tx, 'contacts', gone));
    await stage.sweep(hubspot);
    await stage.rest();
    const live = stage.links().filter((link) => link.state === 'live' && link.object === 'contacts');
    return {
      linked: live.some((link) => link.externalId === gone),
      salesforce: salesforce.rows('Contact').map((row) => row.fields['Email']),
    };
  },
  holds: { linked: false, salesforce: ['stays@eight.example'] },
  harm: { linked: true, salesforce: ['gone@eight.example', 'stays@eight.example'] },
  guard: {
    name: 'a sweep does not ask for rows that it missed',
    file: 'hub/sync/sweep-page.ts',
    find: "    await addHints(deps, tx, installation.id, looksAt(deps, object, untold, 'missing'));\n",
    replace: '',
  },
};
