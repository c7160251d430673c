import type { Scenario } from '../scenario.ts';
import { setStage } from '../stage.ts';

export const scenario: Scenario = {
  number: 23,
  complaint: 'An amount arrives in the currency of somebody else’s edit',
  async play() {
    const stage = setStage();
    const { hubspot, salesforce } = stage;
    const company = hubspot.add('companies', { name: 'Twenty-Three', domain: 'twentythree.example' });
    const deal = hubspot.add('deals', {
      dealname: 'Deal',
      dealstage: 'appointmentscheduled',
      pipeline: 'default',
      closedate: '2026-12-01T12:00:00Z',
      amount: '1000',
      deal_currency_code: 'USD',
      'association:companies': company,
    });
    await stage.open();
    const there = salesforce.find('Opportunity', 'Name', 'Deal');
    // Two people at once, while the hub cannot reach Salesforce: one raises the amount, the other makes it euros.
    salesforce.failFor(120_000);
    salesforce.edit('Opportunity', there.id, { CurrencyIsoCode: 'EUR', Amount: 900 });
    await stage.pass(30_000);
    hubspot.edit('deals', deal, { amount: '1500' });
    await stage.pass(120_000);
    await stage.rest();
    const { amount, deal_currency_code } = hubspot.row('deals', deal).fields;
    return {
      hubspot: [Number(amount), deal_currency_code],
      salesforce: [there.fields['Amount'], there.fields['CurrencyIsoCode']],
    };
  },
  holds: { hubspot: [1_500, 'USD'], salesforce: [1_500, 'USD'] },
  harm: { hubspot: [1500, 'EUR'], salesforce: [1500, 'EUR'] },
  guard: {
    name: 'amount and currency are decided each by itself',
    file: 'hub/sync/units.ts',
    find: 'const key = rule.group === null ? `field ${rule.name}` : `group ${rule.group}`;',
    replace: 'const key = `field ${rule.name}`;',
  },
};
