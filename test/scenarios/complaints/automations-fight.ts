import type { Scenario } from '../scenario.ts';
import { setStage, type StagedCrm } from '../stage.ts';

/** Long enough for the sync to see that what it wrote was taken. */
const answer_ms = 15_000;

/** An automation that sets a row's field to its own liking whenever anything else is saved there. */
function automate({ place }: StagedCrm, object: string, field: string, wish: string): void {
  const { crm } = place.account;
  // Salesforce runs a flow under the name of whoever's change set it off: here, of the sync.
  const by =
    place.vendor === 'salesforce'
      ? ({ kind: 'rapport', userId: null } as const)
      : ({ kind: 'automation', userId: 'flow' } as const);
  crm.onChange((changes) => {
    for (const { object: changed, id, values } of changes) {
      if (changed !== object || values[field] === undefined || values[field] === wish) continue;
      void crm.clock.sleep(answer_ms).then(() => crm.transact(by, (tx) => crm.save(tx, object, id, { [field]: wish })));
    }
  });
}

export const scenario: Scenario = {
  number: 2,
  complaint: 'An automation in each CRM answers the other’s, and the sync carries their quarrel for ever',
  async play() {
    const stage = setStage({ call_ms: 400 });
    const { hubspot, salesforce } = stage;
    const ada = hubspot.add('contacts', { email: 'ada@two.example', lastname: 'Two' });
    await stage.open();
    automate(hubspot, 'contacts', 'jobtitle', 'Buyer');
    automate(salesforce, 'Contact', 'Title', 'BUYER');
    const before = hubspot.writes.length + salesforce.writes.length;
    hubspot.edit('contacts', ada, { jobtitle: 'Head of Buying' });
    await stage.pass(600_000);
    const written = hubspot.writes.length + salesforce.writes.length - before;
    return { isEnded: written < 10, parked: stage.parked().map((entry) => [entry.cause, entry.field]) };
  },
  holds: { isEnded: true, parked: [['fighting', 'jobTitle']] },
  harm: { isEnded: false, parked: [] },
  guard: {
    name: 'nobody counts how often the CRMs have answered one another',
    file: 'hub/sync/turns.ts',
    find: 'return (before.turns ?? 0) + 1;',
    replace: 'return 1;',
  },
};
