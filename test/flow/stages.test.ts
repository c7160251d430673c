import assert from 'node:assert/strict';
import { eventually } from '../kit/eventually.ts';
import { PairSupply } from '../kit/pairs.ts';
import { useHouse } from '../kit/use-house.ts';

/** HubSpot's stage, the Salesforce stage that is written for it, and a finer one that is read as equal. */
const finer = [
  ['presentationscheduled', 'Needs Analysis', 'Value Proposition'],
  ['decisionmakerboughtin', 'Id. Decision Makers', 'Perception Analysis'],
  ['contractsent', 'Negotiation/Review', 'Proposal/Price Quote'],
] as const;

describe('flow: Salesforce stages that are finer than HubSpot’s', () => {
  const house = useHouse();
  const supply = new PairSupply(house);

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
});
