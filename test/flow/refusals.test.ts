import assert from 'node:assert/strict';
import { orgs } from '../../sandbox/seed/credentials.ts';
import { eventually } from '../kit/eventually.ts';
import { PairSupply, pairOf, type Pair } from '../kit/pairs.ts';
import { parkedOf, writesOf, type ParkedRow } from '../kit/parked-of.ts';
import { useHouse } from '../kit/use-house.ts';

describe('flow: a value that a CRM does not take waits alone, and says why', () => {
  const house = useHouse();
  const supply = new PairSupply(house);
  const hubspot = () => house().people.a.hubspot;
  const salesforce = () => house().people.a.salesforce;

  const waits = (pair: Pair, expected: Partial<ParkedRow>): Promise<ParkedRow> =>
    eventually(async () => {
      const parked = await parkedOf(house(), pair);
      const found = parked.find((entry) =>
        Object.entries(expected).every(([name, value]) => entry[name as keyof ParkedRow] === value),
      );
      assert.ok(found, JSON.stringify(parked));
      return found;
    });
  const nothingWaits = (pair: Pair): Promise<void> =>
    eventually(async () => assert.deepEqual(await parkedOf(house(), pair), []));
  const opportunity = (pair: Pair, ...fields: string[]) => salesforce().read('Opportunity', pair.salesforce, fields);

  before(() =>
    fetch(`${house().urls.salesforce}/_sandbox/validation-rules`, {
      method: 'POST',
      body: JSON.stringify({
        orgId: orgs[0].orgId,
        entity: 'Opportunity',
        name: 'No_Forbidden_Steps',
        field: 'NextStep',
        operator: '=',
        value: 'Forbidden',
        message: 'That next step is not allowed here.',
      }),
    }),
  );

  it('a 2xx that did not take the value: not accepted and shown, the rest is written', async () => {
    const deal = await supply.take('deal');
    const before = (await opportunity(deal, 'NextStep'))['NextStep'];
    const match = { org: orgs[0].orgId, entity: 'Opportunity', field: 'NextStep', id: deal.salesforce };
    await house().arm('salesforce', { name: 'api.accept_but_ignore', match, times: 5 });
    await hubspot().update('deals', deal.hubspot, { hs_next_step: 'Ignored', description: 'Taken' });
    const entry = await waits(deal, { field: 'nextStep', cause: 'not_accepted', installation: 'salesforce-a' });
    assert.match(entry.detail, /took the value, and still shows the old one/);
    const row = await opportunity(deal, 'NextStep', 'Description');
    assert.deepEqual([row['NextStep'], row['Description']], [before, 'Taken']);
    const view = JSON.stringify(await hubspot().card('GET', `${house().urls.hub}/cards/deal?objectId=${deal.hubspot}`));
    assert.ok(view.includes('not_accepted'), 'the card shows it');
    const { tenants } = await house().status();
    assert.ok(tenants[0]?.status.parked.some(({ cause }) => cause === 'not_accepted'));

    await house().quiet();
    const writes = await writesOf(house(), deal);
    await house().look('salesforce-a', 'deliver');
    await house().quiet();
    assert.equal(await writesOf(house(), deal), writes, 'it is not sent again and again');
    const { properties } = await hubspot().read('deals', deal.hubspot, ['hs_next_step']);
    assert.equal(properties['hs_next_step'], 'Ignored', 'the old value does not travel back');

    await house().clearFaults('salesforce');
    await hubspot().update('deals', deal.hubspot, { hs_next_step: 'Another value' });
    await eventually(async () => assert.equal((await opportunity(deal, 'NextStep'))['NextStep'], 'Another value'));
    await nothingWaits(deal);
  });

  it('a 2xx that did not take the value in HubSpot', async () => {
    const deal = await supply.take('deal');
    const match = { type: 'deals', property: 'hs_next_step', portalId: '8801001' };
    await house().arm('hubspot', { name: 'api.accept_but_ignore', match, times: 5 });
    await salesforce().update('Opportunity', deal.salesforce, { NextStep: 'Ignored', Description: 'Taken' });
    await waits(deal, { field: 'nextStep', cause: 'not_accepted', installation: 'hubspot-a' });
    const { properties } = await hubspot().read('deals', deal.hubspot, ['description']);
    assert.equal(properties['description'], 'Taken');
    await house().clearFaults('hubspot');
    await salesforce().update('Opportunity', deal.salesforce, { NextStep: 'Another value' });
    await eventually(async () => {
      const row = await hubspot().read('deals', deal.hubspot, ['hs_next_step']);
      assert.equal(row.properties['hs_next_step'], 'Another value');
    });
    await nothingWaits(deal);
  });

  it("a validation rule: that field waits with the vendor's own words, the rest is written", async () => {
    const deal = await supply.take('deal');
    await hubspot().update('deals', deal.hubspot, { hs_next_step: 'Forbidden', description: 'Written all the same' });
    const entry = await waits(deal, { field: 'nextStep', cause: 'refused' });
    assert.match(entry.detail, /That next step is not allowed here\./);
    await house().quiet();
    const writes = await writesOf(house(), deal);
    await salesforce().update('Opportunity', deal.salesforce, { Amount: 4711 });
    await house().quiet();
    assert.equal((await writesOf(house(), deal)) - writes, 1, 'only HubSpot is written: the refused value waits');
    await waits(deal, { field: 'nextStep', cause: 'refused' });
    await eventually(async () =>
      assert.equal((await opportunity(deal, 'Description'))['Description'], 'Written all the same'),
    );
    await hubspot().update('deals', deal.hubspot, { hs_next_step: 'Allowed' });
    await eventually(async () => assert.equal((await opportunity(deal, 'NextStep'))['NextStep'], 'Allowed'));
    await nothingWaits(deal);
  });

  it('a text that is too long: the field waits before it is sent, the rest is written', async () => {
    const deal = await supply.take('deal');
    await hubspot().update('deals', deal.hubspot, { hs_next_step: 'x'.repeat(300), description: 'Short enough' });
    const entry = await waits(deal, { field: 'nextStep', cause: 'too_long' });
    assert.match(entry.detail, /300 characters, at most 255/);
    await eventually(async () => assert.equal((await opportunity(deal, 'Description'))['Description'], 'Short enough'));
    await hubspot().update('deals', deal.hubspot, { hs_next_step: 'Now it fits' });
    await eventually(async () => assert.equal((await opportunity(deal, 'NextStep'))['NextStep'], 'Now it fits'));
    await nothingWaits(deal);
  });

  it('a picklist value that the mapping does not know: the field waits, the rest travels', async () => {
    const company = await supply.take('company');
    const before = await salesforce().read('Account', company.salesforce, ['Industry']);
    await hubspot().update('companies', company.hubspot, { industry: 'FISHERY', description: 'Travels' });
    const entry = await waits(company, { field: 'industry', cause: 'unknown_option', installation: 'hubspot-a' });
    assert.match(entry.detail, /FISHERY/);
    await eventually(async () => {
      const row = await salesforce().read('Account', company.salesforce, ['Industry', 'Description']);
      assert.deepEqual([row['Industry'], row['Description']], [before['Industry'], 'Travels']);
    });
    await hubspot().update('companies', company.hubspot, { industry: 'BANKING' });
    await eventually(async () =>
      assert.equal((await salesforce().read('Account', company.salesforce, ['Industry']))['Industry'], 'Banking'),
    );
    await nothingWaits(company);
  });

  it('a refusal that names no field parks the write until a field changes', async () => {
    const deal = await supply.take('deal');
    const fault = { status: 400, errorCode: 'CANNOT_EXECUTE_FLOW_TRIGGER', message: 'The flow Guard stopped this.' };
    await house().arm('salesforce', {
      name: 'api.status',
      match: { org: orgs[0].orgId, method: 'PATCH', client: orgs[0].integration.clientId },
      params: fault,
      times: 3,
    });
    await hubspot().update('deals', deal.hubspot, { hs_next_step: 'Stopped by a flow' });
    const entry = await waits(deal, { field: null, cause: 'refused' });
    assert.match(entry.detail, /The flow Guard stopped this/);
    await house().clearFaults('salesforce');
    await house().quiet();
    const writes = await writesOf(house(), deal);
    await house().look('salesforce-a', 'deliver');
    await house().quiet();
    assert.equal(await writesOf(house(), deal), writes);
    await hubspot().update('deals', deal.hubspot, { description: 'Something else changes' });
    await eventually(async () => {
      const row = await opportunity(deal, 'NextStep', 'Description');
      assert.deepEqual([row['NextStep'], row['Description']], ['Stopped by a flow', 'Something else changes']);
    });
    await nothingWaits(deal);
  });

  it('a create without a refused field still makes the row', async () => {
    const id = await hubspot().create('deals', {
      dealname: 'Made without its next step',
      pipeline: 'default',
      dealstage: 'closedlost',
      hs_next_step: 'Forbidden',
    });
    const pair = await pairOf(house(), 'deal', { hubspot: id });
    const row = await opportunity(pair, 'NextStep', 'StageName');
    assert.deepEqual([row['NextStep'], row['StageName']], [null, 'Closed Lost']);
    await waits(pair, { field: 'nextStep', cause: 'refused' });
    const { properties } = await hubspot().read('deals', id, ['hs_next_step']);
    assert.equal(properties['hs_next_step'], 'Forbidden');
    await hubspot().update('deals', id, { hs_next_step: 'Allowed' });
    await eventually(async () => assert.equal((await opportunity(pair, 'NextStep'))['NextStep'], 'Allowed'));
    await nothingWaits(pair);
  });
});
