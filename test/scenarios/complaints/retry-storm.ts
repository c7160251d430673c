import { field } from '../../sim/vendors/field.ts';
import type { Scenario } from '../scenario.ts';
import { setStage } from '../stage.ts';

export const scenario: Scenario = {
  number: 21,
  complaint: 'What was refused is tried again and again until the quota is gone',
  async play() {
    const stage = setStage({ call_ms: 2_000 });
    const { hubspot, salesforce } = stage;
    await stage.open();
    // An admin demands a field of which nobody told the hub, and the CRM refuses rows without it.
    const { crm } = salesforce.place.account;
    crm.schema.get('Contact')?.set('Region__c', field('Region__c', 'text', { required: true }));
    const ada = hubspot.add('contacts', { email: 'ada@twentyone.example', lastname: 'Twenty-One' });
    await stage.pass(1_200_000);
    const tries = salesforce.writes.length;
    // Somebody changes something: now it is worth another try.
    hubspot.edit('contacts', ada, { firstname: 'Ada' });
    await stage.pass(1_200_000);
    const more = salesforce.writes.length - tries;
    return {
      isTriedAgain: tries > 1,
      isTriedAfterAnEdit: more > 0,
      parked: stage.parked().map((entry) => entry.cause),
    };
  },
  holds: { isTriedAgain: false, isTriedAfterAnEdit: true, parked: ['refused'] },
  harm: { isTriedAgain: true, isTriedAfterAnEdit: true, parked: ['refused'] },
  guard: {
    name: 'a row that was refused whole stays due',
    file: 'hub/sync/plan-link.ts',
    find: 'const whole = isGone || refusedWhole(parked, mapped.sent);',
    replace: 'const whole = isGone;',
  },
};
