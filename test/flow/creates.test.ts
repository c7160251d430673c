import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '../kit/eventually.ts';
import { PairSupply, pairOf } from '../kit/pairs.ts';
import { useHouse } from '../kit/use-house.ts';

const day_ms = 86_400_000;

describe('flow: a row made in one CRM is made once in the other', () => {
  const house = useHouse();
  const supply = new PairSupply(house);
  const hubspot = () => house().people.a.hubspot;
  const salesforce = () => house().people.a.salesforce;

  it('a company made in HubSpot', async () => {
    const id = await hubspot().create('companies', { name: 'Newly Made Ltd', domain: 'newly-made.example' });
    const pair = await pairOf(house(), 'company', { hubspot: id });
    await house().quiet();
    const rows = await salesforce().query("SELECT Id, Rapport_Id__c FROM Account WHERE Name = 'Newly Made Ltd'");
    assert.deepEqual(
      rows.map((row) => [row.Id, row['Rapport_Id__c']]),
      [[pair.salesforce, pair.recordId]],
    );
    const row = await hubspot().read('companies', id, ['rapport_id']);
    assert.equal(row.properties['rapport_id'], pair.recordId);
  });

  it('a company made in Salesforce', async () => {
    const id = await salesforce().create('Account', { Name: 'Made There Ltd', Website: 'made-there.example' });
    const pair = await pairOf(house(), 'company', { salesforce: id });
    await house().quiet();
    const rows = (await hubspot().list('companies', ['name', 'rapport_id'])).filter(
      (row) => row.properties['name'] === 'Made There Ltd',
    );
    assert.deepEqual(
      rows.map((row) => [row.id, row.properties['rapport_id']]),
      [[pair.hubspot, pair.recordId]],
    );
    assert.equal((await salesforce().read('Account', id, ['Rapport_Id__c']))['Rapport_Id__c'], pair.recordId);
  });

  it('a person without a last name gets a default there, which never travels back', async () => {
    const id = await hubspot().create('contacts', { email: 'nameless@newly-made.example', firstname: 'Nina' });
    const pair = await pairOf(house(), 'contact', { hubspot: id });
    await house().quiet();
    const row = await salesforce().read('Contact', pair.salesforce, ['LastName', 'FirstName']);
    assert.deepEqual([row['FirstName'], row['LastName']], ['Nina', 'nameless']);
    const back = (): Promise<string> =>
      hubspot()
        .read('contacts', id, ['lastname'])
        .then((one) => one.properties['lastname'] ?? '');
    assert.equal(await back(), '');
    await salesforce().update('Contact', pair.salesforce, { Title: 'Set later' });
    await eventually(async () =>
      assert.equal((await hubspot().read('contacts', id, ['jobtitle'])).properties['jobtitle'], 'Set later'),
    );
    await house().quiet();
    assert.equal(await back(), '', 'an edit of another field does not carry the default back');
  });

  it('a deal without a close date gets one in 90 days, which never travels back', async () => {
    const company = await supply.take('company');
    const id = await hubspot().create('deals', {
      dealname: 'No date yet',
      pipeline: 'default',
      dealstage: 'appointmentscheduled',
    });
    await hubspot().call('PUT', `/crm/objects/2026-09/deals/${id}/associations/companies/${company.hubspot}`, [
      { associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 5 },
    ]);
    const pair = await pairOf(house(), 'deal', { hubspot: id });
    await house().quiet();
    const row = await salesforce().read('Opportunity', pair.salesforce, ['CloseDate', 'StageName', 'AccountId']);
    const expected = new Date(Date.now() + 90 * day_ms).toISOString().slice(0, 10);
    assert.deepEqual([row['CloseDate'], row['StageName']], [expected, 'Prospecting']);
    assert.equal(row['AccountId'], company.salesforce);
    assert.equal((await hubspot().read('deals', id, ['closedate'])).properties['closedate'] ?? '', '');
  });

  it('an amount entered while the deal is being made there outlives the currency that Salesforce fills in', async () => {
    const made: { id: string; amount: number }[] = [];
    for (let amount = 1_000; amount < 1_016; amount += 1) {
      const id = await hubspot().create('deals', { dealname: `Amount ${amount}`, dealstage: 'appointmentscheduled' });
      made.push({ id, amount });
      await pause((amount - 1_000) * 30);
      await hubspot().update('deals', id, { amount: String(amount) });
    }
    for (const { id, amount } of made)
      await eventually(async () => {
        const [there] = await salesforce().query(`SELECT Amount FROM Opportunity WHERE Name = 'Amount ${amount}'`);
        assert.equal(there?.['Amount'], amount);
        assert.equal(Number((await hubspot().read('deals', id, ['amount'])).properties['amount']), amount);
      }, 15_000);
    await house().quiet();
    for (const { id, amount } of made)
      assert.equal(Number((await hubspot().read('deals', id, ['amount'])).properties['amount']), amount);
  }).timeout(60_000);

  it('a deal, its company and its contact made at once in Salesforce arrive whole', async () => {
    const account = await salesforce().create('Account', { Name: 'Whole Family Ltd', Website: 'whole-family.example' });
    const [contact, deal] = await Promise.all([
      salesforce().create('Contact', { LastName: 'Child', Email: 'child@whole-family.example', AccountId: account }),
      salesforce().create('Opportunity', {
        Name: 'Family deal',
        StageName: 'Value Proposition',
        CloseDate: '2027-02-01',
        AccountId: account,
      }),
    ]);
    await salesforce().create('OpportunityContactRole', { OpportunityId: deal, ContactId: contact });
    const company = await pairOf(house(), 'company', { salesforce: account });
    const person = await pairOf(house(), 'contact', { salesforce: contact });
    const made = await pairOf(house(), 'deal', { salesforce: deal });
    await eventually(async () => {
      const row = await hubspot().read('deals', made.hubspot, ['dealstage'], ['companies', 'contacts']);
      assert.equal(row.properties['dealstage'], 'presentationscheduled');
      assert.deepEqual(row.associations, { companies: [company.hubspot], contacts: [person.hubspot] });
    });
  });

  for (const vendor of ['hubspot', 'salesforce'] as const)
    it(`a create whose answer is lost leaves one row in ${vendor}`, async () => {
      const name = `Lost Answer ${vendor}`;
      const match: Record<string, string> =
        vendor === 'hubspot'
          ? { method: 'POST', path: '/crm/objects/2026-09/companies/batch/upsert' }
          : { client: 'rapport-hub-org-a', method: 'PATCH' };
      await house().arm(vendor, { name: 'api.timeout_after_commit', match });
      const pair =
        vendor === 'hubspot'
          ? await pairOf(house(), 'company', { salesforce: await salesforce().create('Account', { Name: name }) })
          : await pairOf(house(), 'company', { hubspot: await hubspot().create('companies', { name }) });
      await house().quiet();
      assert.deepEqual(await house().armed(vendor), [], 'the answer was lost');
      const rows = await salesforce().query(`SELECT Id FROM Account WHERE Name = '${name}'`);
      assert.deepEqual(
        rows.map((row) => row.Id),
        [pair.salesforce],
      );
      const others = (await hubspot().list('companies', ['name'])).filter((row) => row.properties['name'] === name);
      assert.deepEqual(
        others.map((row) => row.id),
        [pair.hubspot],
      );
    });

  it('a row deleted on one side is not made again by an edit on the other', async () => {
    const [one, other] = await supply.takeAll('contact', 2);
    assert.ok(one && other);
    await hubspot().archive('contacts', one.hubspot);
    await salesforce().delete('Contact', other.salesforce);
    await eventually(async () => {
      const [row] = await house().sql<{ count: number }>(
        `select count(*)::int from link where state = 'retired' and external_id in ($1, $2)`,
        [one.hubspot, other.salesforce],
      );
      assert.equal(row?.count, 2);
    });
    await salesforce().update('Contact', one.salesforce, { Title: 'Edited after the delete' });
    await hubspot().update('contacts', other.hubspot, { jobtitle: 'Edited after the delete' });
    await house().quiet();
    const titles = await hubspot().list('contacts', ['jobtitle']);
    assert.deepEqual(
      titles.filter((row) => row.properties['jobtitle'] === 'Edited after the delete').map((row) => row.id),
      [other.hubspot],
    );
    const rows = await salesforce().query("SELECT Id FROM Contact WHERE Title = 'Edited after the delete'");
    assert.deepEqual(
      rows.map((row) => row.Id),
      [one.salesforce],
    );
  });
});
