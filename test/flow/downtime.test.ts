import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { portals } from '../../sandbox/seed/credentials.ts';
import { eventually } from '../kit/eventually.ts';
import { PairSupply, type Pair } from '../kit/pairs.ts';
import { useHouse } from '../kit/use-house.ts';

const portalId = String(portals[0].portalId);
/** Two stamps that are further apart are not taken for one moment. */
const apart_ms = 3_100;

describe('flow: edits of both sides while the hub is down', function () {
  this.timeout(60_000);
  const house = useHouse();
  const supply = new PairSupply(house);
  const hubspot = () => house().people.a.hubspot;
  const salesforce = () => house().people.a.salesforce;

  const agreed = async (deal: Pair): Promise<unknown> => {
    const { properties } = await hubspot().read('deals', deal.hubspot, ['hs_next_step']);
    const there = (await salesforce().read('Opportunity', deal.salesforce, ['NextStep']))['NextStep'];
    assert.equal(properties['hs_next_step'], there);
    return there;
  };
  const conflictsOf = async (deal: Pair): Promise<string[]> => {
    const rows = await house().sql<{ reason: string; winner: string; lost: string; kept: string }>(
      'select reason, winner, lost, kept from conflict where record_id = $1',
      [deal.recordId],
    );
    return rows.map(({ reason, winner, lost, kept }) => `${reason}: ${kept} of ${winner} over ${lost}`);
  };

  it('the newest wins by the field’s rule, though only one side tells of its edit, and the loser is kept', async () => {
    const [newerHere, newerThere, other] = await supply.takeAll('deal', 3);
    assert.ok(newerHere && newerThere && other);
    await house().quiet();
    await house().stopHub();
    // HubSpot tells nothing of what happened meanwhile, and cannot be searched for a while: Salesforce's edits are seen first.
    await house().arm(
      'hubspot',
      { name: 'webhook.drop', times: 30, match: { portalId } },
      {
        name: 'api.status',
        times: 3,
        match: { portalId, path: '/crm/objects/2026-09/deals/search' },
        params: { status: 503, body: { status: 'error', message: 'unavailable' } },
      },
    );
    await salesforce().update('Opportunity', newerHere.salesforce, { NextStep: 'Older' });
    await hubspot().update('deals', newerThere.hubspot, { hs_next_step: 'Older' });
    await hubspot().update('deals', other.hubspot, { description: 'Theirs alone' });
    await pause(apart_ms);
    await hubspot().update('deals', newerHere.hubspot, { hs_next_step: 'Newer' });
    await salesforce().update('Opportunity', newerThere.salesforce, { NextStep: 'Newer' });
    await salesforce().update('Opportunity', other.salesforce, { NextStep: 'Another field' });
    await house().startHub();
    for (const deal of [newerHere, newerThere])
      await eventually(async () => assert.equal(await agreed(deal), 'Newer'), 20_000);
    await eventually(async () => assert.equal(await agreed(other), 'Another field'), 20_000);
    const { properties } = await hubspot().read('deals', other.hubspot, ['description']);
    assert.equal(properties['description'], 'Theirs alone');
    assert.deepEqual(await conflictsOf(newerHere), ['rule: Newer of hubspot over Older']);
    assert.deepEqual(await conflictsOf(newerThere), ['rule: Newer of salesforce over Older']);
    assert.deepEqual(await conflictsOf(other), []);
  });
});
