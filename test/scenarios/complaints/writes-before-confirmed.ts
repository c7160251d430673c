import type { Scenario } from '../scenario.ts';
import { setStage } from '../stage.ts';
import { tenantId } from '../../sim/world.ts';

export const scenario: Scenario = {
  number: 13,
  complaint: 'Connecting a CRM writes into it before anybody said so',
  async play() {
    const stage = setStage();
    const { hubspot, salesforce, world } = stage;
    hubspot.add('contacts', { email: 'ada@thirteen.example', lastname: 'Thirteen' });
    await world.open();
    await world.store.tenant(tenantId, (tx) =>
      tx.updateInstallation(salesforce.place.installationId, { confirmed: false }),
    );
    await stage.pass(600_000);
    const unasked = salesforce.writes.length;
    await world.store.tenant(tenantId, (tx) =>
      tx.updateInstallation(salesforce.place.installationId, { confirmed: true }),
    );
    await stage.pass(600_000);
    return { unasked, confirmed: salesforce.rows('Contact').length };
  },
  holds: { unasked: 0, confirmed: 1 },
  harm: { unasked: 1, confirmed: 1 },
  guard: {
    name: 'writing opens whether or not a person confirmed it',
    file: 'hub/sync/open-writing.ts',
    find: 'if (!installation.confirmed || (await',
    replace: 'if ((await',
  },
};
