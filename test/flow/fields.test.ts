import assert from 'node:assert/strict';
import { objectOf } from '../kit/crm-objects.ts';
import { eventually } from '../kit/eventually.ts';
import { PairSupply } from '../kit/pairs.ts';
import { useHouse } from '../kit/use-house.ts';

/** A mapped field, and two values in each vendor's own form: the first is set in HubSpot, the second in Salesforce. */
interface Example {
  hubspot: string;
  salesforce: string;
  values: [{ set: string; seen: unknown }, { set: unknown; seen: string }];
}

const same = (hubspot: string, salesforce: string, one: string, other: string): Example => ({
  hubspot,
  salesforce,
  values: [
    { set: one, seen: one },
    { set: other, seen: other },
  ],
});

const examples: Record<keyof typeof objectOf, Example[]> = {
  company: [
    same('name', 'Name', 'Set in HubSpot Ltd', 'Set in Salesforce Ltd'),
    same('domain', 'Website', 'set-in-hubspot.example', 'set-in-salesforce.example'),
    same('phone', 'Phone', '+44 20 7946 0001', '+44 20 7946 0002'),
    {
      hubspot: 'industry',
      salesforce: 'Industry',
      values: [
        { set: 'BIOTECHNOLOGY', seen: 'Biotechnology' },
        { set: 'Machinery', seen: 'MACHINERY' },
      ],
    },
    same('address', 'BillingStreet', '1 Hub Street', '2 Force Street'),
    same('city', 'BillingCity', 'Hubville', 'Forceton'),
    same('zip', 'BillingPostalCode', '10001', '20002'),
    same('country', 'BillingCountry', 'Norway', 'Portugal'),
    {
      hubspot: 'numberofemployees',
      salesforce: 'NumberOfEmployees',
      values: [
        { set: '321', seen: 321 },
        { set: 654, seen: '654' },
      ],
    },
    {
      hubspot: 'annualrevenue',
      salesforce: 'AnnualRevenue',
      values: [
        { set: '1234567', seen: 1234567 },
        { set: 7654321, seen: '7654321' },
      ],
    },
    same('description', 'Description', 'Text from HubSpot\nin two lines', 'Text from Salesforce, “quoted” & é'),
  ],
  contact: [
    same('email', 'Email', 'set.in.hubspot@flow.example', 'set.in.salesforce@flow.example'),
    same('firstname', 'FirstName', 'Hubert', 'Sally'),
    same('lastname', 'LastName', 'Hubley', 'Forcett'),
    same('phone', 'Phone', '+44 20 7946 0003', '+44 20 7946 0004'),
    same('jobtitle', 'Title', 'Head of Hubs', 'Head of Force'),
  ],
  deal: [
    same('dealname', 'Name', 'Named in HubSpot', 'Named in Salesforce'),
    {
      hubspot: 'dealstage',
      salesforce: 'StageName',
      values: [
        { set: 'contractsent', seen: 'Negotiation/Review' },
        { set: 'Id. Decision Makers', seen: 'decisionmakerboughtin' },
      ],
    },
    {
      hubspot: 'amount',
      salesforce: 'Amount',
      values: [
        { set: '48000.25', seen: 48000.25 },
        { set: 52000, seen: '52000' },
      ],
    },
    same('deal_currency_code', 'CurrencyIsoCode', 'GBP', 'EUR'),
    {
      hubspot: 'closedate',
      salesforce: 'CloseDate',
      values: [
        // Half past midnight at the portal, which is in Berlin; by UTC it is the day before.
        { set: '2027-03-30T22:30:00.000Z', seen: '2027-03-31' },
        { set: '2027-06-30', seen: '2027-06-30T10:00:00Z' },
      ],
    },
    same('hs_next_step', 'NextStep', 'Call them', 'Write to them'),
    same('description', 'Description', 'What HubSpot says', 'What Salesforce says'),
  ],
};

/** HubSpot's stage, the Salesforce stage that is written for it, and a finer one that is read as equal. */
const finer = [
  ['presentationscheduled', 'Needs Analysis', 'Value Proposition'],
  ['decisionmakerboughtin', 'Id. Decision Makers', 'Perception Analysis'],
  ['contractsent', 'Negotiation/Review', 'Proposal/Price Quote'],
] as const;

describe('flow: every mapped field, both ways', () => {
  const house = useHouse();
  const supply = new PairSupply(house);

  for (const kind of ['company', 'contact', 'deal'] as const)
    for (const example of examples[kind])
      it(`${kind}: ${example.hubspot} and ${example.salesforce}`, async () => {
        const { hubspot, salesforce } = house().people.a;
        const object = objectOf[kind];
        const pair = await supply.take(kind);
        const [first, second] = example.values;
        await hubspot.update(object.hubspot, pair.hubspot, { [example.hubspot]: first.set });
        await eventually(async () => {
          const row = await salesforce.read(object.salesforce, pair.salesforce, [example.salesforce]);
          assert.deepEqual(row[example.salesforce], first.seen);
        });
        await salesforce.update(object.salesforce, pair.salesforce, { [example.salesforce]: second.set });
        await eventually(async () => {
          const row = await hubspot.read(object.hubspot, pair.hubspot, [example.hubspot]);
          assert.equal(row.properties[example.hubspot], second.seen);
        });
      });

  for (const [stage, written, equal] of finer)
    it(`${equal} reads as ${stage} and is not overwritten by ${written}`, async () => {
      const { hubspot, salesforce } = house().people.a;
      const deal = await supply.take('deal');
      const stageThere = async (): Promise<unknown> =>
        (await salesforce.read('Opportunity', deal.salesforce, ['StageName']))['StageName'];
      await hubspot.update('deals', deal.hubspot, { dealstage: 'closedlost' });
      await eventually(async () => assert.equal(await stageThere(), 'Closed Lost'));
      await salesforce.update('Opportunity', deal.salesforce, { StageName: equal });
      await eventually(async () => {
        const { properties } = await hubspot.read('deals', deal.hubspot, ['dealstage']);
        assert.equal(properties['dealstage'], stage);
      });
      await hubspot.update('deals', deal.hubspot, { hs_next_step: 'Another field' });
      await eventually(async () => {
        const row = await salesforce.read('Opportunity', deal.salesforce, ['NextStep']);
        assert.equal(row['NextStep'], 'Another field');
      });
      await house().quiet();
      assert.equal(await stageThere(), equal);
    });

  it('a cleared value is a value: it clears the other side', async () => {
    const { hubspot, salesforce } = house().people.a;
    const [one, other] = await supply.takeAll('deal', 2);
    assert.ok(one && other);
    await hubspot.update('deals', one.hubspot, { hs_next_step: '' });
    await salesforce.update('Opportunity', other.salesforce, { Amount: null });
    await eventually(async () => {
      assert.equal((await salesforce.read('Opportunity', one.salesforce, ['NextStep']))['NextStep'], null);
      assert.equal((await hubspot.read('deals', other.hubspot, ['amount'])).properties['amount'] ?? '', '');
    });
  });

  it('leaves nothing in conflict, and nothing more to write', async () => {
    await house().quiet();
    const { tenants } = await house().status();
    assert.equal(tenants[0]?.status.conflicts, 0);
    const [writes] = await house().sql<{ count: number }>('select count(*)::int from write');
    for (const installation of ['hubspot-a', 'salesforce-a']) await house().look(installation, 'poll');
    await house().quiet();
    assert.deepEqual(await house().sql('select count(*)::int from write'), [writes]);
  });
});
