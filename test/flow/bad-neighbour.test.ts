import assert from 'node:assert/strict';
import type { WorkLane } from '../../protocol/ports/bell.ts';
import { portals } from '../../sandbox/seed/credentials.ts';
import { eventually } from '../kit/eventually.ts';
import type { PlantedFault } from '../kit/house.ts';
import { PairSupply } from '../kit/pairs.ts';
import { useHouse } from '../kit/use-house.ts';

const [here, there] = portals;

describe('flow: another tenant’s vendor is dead', function () {
  this.timeout(120_000);
  const house = useHouse();
  const supply = new PairSupply(house);
  const arm = (fault: PlantedFault): Promise<void> => house().arm('hubspot', fault);
  const look = (lane: WorkLane, installation = 'hubspot-b'): Promise<void> => house().look(installation, lane);
  const hubspot = () => house().people.a.hubspot;
  const salesforce = () => house().people.a.salesforce;

  it('one that hangs: edits of this tenant pass both ways, and its poll goes on', async () => {
    const [outwards, inwards, unheard] = await supply.takeAll('deal', 3);
    assert.ok(outwards && inwards && unheard);
    await arm({
      name: 'api.hang',
      times: 1_000,
      match: { portalId: String(there.portalId) },
      params: { for_ms: 15_000 },
    });
    const before = await house().armed('hubspot');
    for (const lane of ['poll', 'observe', 'deliver'] as const) await look(lane);
    await eventually(async () => assert.notDeepEqual(await house().armed('hubspot'), before, 'a call hangs'));

    await salesforce().update('Opportunity', outwards.salesforce, { NextStep: 'Past a neighbour' });
    await hubspot().update('deals', inwards.hubspot, { hs_next_step: 'Past a neighbour' });
    const drop = { portalId: String(here.portalId), objectId: unheard.hubspot };
    await arm({ name: 'webhook.drop', times: 5, match: drop });
    await hubspot().update('deals', unheard.hubspot, { hs_next_step: 'Past a neighbour' });
    await eventually(async () => {
      await look('poll', 'hubspot-a');
      const { properties } = await hubspot().read('deals', outwards.hubspot, ['hs_next_step']);
      const [one, other] = await Promise.all(
        [inwards, unheard].map((deal) => salesforce().read('Opportunity', deal.salesforce, ['NextStep'])),
      );
      const all = [properties['hs_next_step'], one?.['NextStep'], other?.['NextStep']];
      assert.deepEqual(all, Array(3).fill('Past a neighbour'));
    }, 12_000);
  });

  it('one that answers 503: after five calls hardly any more, shown in its status, until it answers', async () => {
    const match = { portalId: String(there.portalId) };
    await arm({ name: 'api.status', times: 100_000, match, params: { status: 503, body: { message: 'down' } } });
    const account = async () =>
      (await house().status()).tenants[1]?.installations.find(({ vendor }) => vendor === 'hubspot');
    const fired = async (): Promise<number> => 100_000 - ((await house().armed('hubspot'))[0]?.times ?? 0);
    await eventually(async () => {
      await look('poll');
      assert.notEqual((await account())?.calls.triedAgainAt_ms, null);
    }, 40_000);
    const sent = await fired();
    for (let time = 0; time < 30; time += 1) {
      await look('poll');
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    assert.ok((await fired()) - sent <= 3, `${(await fired()) - sent} calls in 3 s`);
    await house().clearFaults('hubspot');
    await eventually(async () => {
      await look('poll');
      assert.equal((await account())?.calls.triedAgainAt_ms, null);
    }, 40_000);
  });
});
