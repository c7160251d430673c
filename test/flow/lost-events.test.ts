import assert from 'node:assert/strict';
import { orgs, portals } from '../../sandbox/seed/credentials.ts';
import { eventually } from '../kit/eventually.ts';
import type { PlantedFault } from '../kit/house.ts';
import { PairSupply, type Pair } from '../kit/pairs.ts';
import { useHouse } from '../kit/use-house.ts';

const portalId = String(portals[0].portalId);
const { orgId } = orgs[0];
const hour_ms = 3_600_000;

describe('flow: events that are lost, late, doubled or cut off', function () {
  this.timeout(40_000);
  const house = useHouse();
  const supply = new PairSupply(house);
  const hubspot = () => house().people.a.hubspot;
  const salesforce = () => house().people.a.salesforce;

  const nextStepThere = async (deal: Pair): Promise<unknown> =>
    (await salesforce().read('Opportunity', deal.salesforce, ['NextStep']))['NextStep'];
  const nextStepHere = async (deal: Pair): Promise<unknown> =>
    (await hubspot().read('deals', deal.hubspot, ['hs_next_step'])).properties['hs_next_step'];
  const setHere = (deal: Pair, value: string) => hubspot().update('deals', deal.hubspot, { hs_next_step: value });
  const setThere = (deal: Pair, value: string) =>
    salesforce().update('Opportunity', deal.salesforce, { NextStep: value });
  const agreed = (deal: Pair, value: string, within_ms = 15_000): Promise<void> =>
    eventually(async () => {
      assert.deepEqual([await nextStepHere(deal), await nextStepThere(deal)], [value, value]);
    }, within_ms);
  const caughtByPoll = async (): Promise<number> => (await house().status()).tenants[0]?.status.caughtBy['poll'] ?? 0;

  it('a webhook that never comes: the poll lane catches the edit, and counts it', async () => {
    const deal = await supply.take('deal');
    const before = await caughtByPoll();
    await house().arm('hubspot', { name: 'webhook.drop', times: 5, match: { portalId, objectId: deal.hubspot } });
    await setHere(deal, 'Never told');
    await eventually(async () => {
      await house().look('hubspot-a', 'poll');
      assert.equal(await nextStepThere(deal), 'Never told');
    }, 15_000);
    assert.ok((await caughtByPoll()) > before);
  });

  const losses: PlantedFault[] = [{ name: 'event.drop' }, { name: 'event.gap' }, { name: 'event.overflow' }];
  for (const fault of losses)
    it(`a Salesforce change event that tells nothing (${fault.name})`, async () => {
      const deal = await supply.take('deal');
      await house().arm('salesforce', { ...fault, match: { orgId, entity: 'Opportunity' } });
      await setThere(deal, fault.name);
      await eventually(async () => {
        if (fault.name === 'event.drop') await house().look('salesforce-a', 'poll');
        assert.equal(await nextStepHere(deal), fault.name);
      }, 15_000);
      assert.deepEqual(await house().armed('salesforce'), [], 'the event told nothing');
    });

  it('doubled and late events change nothing: the last edit stands', async () => {
    const [one, other] = await supply.takeAll('deal', 2);
    assert.ok(one && other);
    await house().arm(
      'hubspot',
      { name: 'webhook.delay', match: { portalId, objectId: one.hubspot }, params: { delay_ms: 1_500 } },
      { name: 'webhook.duplicate', times: 4, match: { portalId, objectId: other.hubspot } },
    );
    await house().arm('salesforce', { name: 'event.duplicate', times: 4, match: { orgId } });
    await setHere(one, 'First, told last');
    await setHere(one, 'Second, told first');
    await setHere(other, 'Told twice');
    await agreed(one, 'Second, told first');
    await agreed(other, 'Told twice');
    await setThere(other, 'Told twice from there');
    await agreed(other, 'Told twice from there');
    await house().quiet();
    await agreed(one, 'Second, told first', 0);
    const changes = await house().sql<{ count: number }>(
      `select count(*)::int from change where record_id = $1 and field = 'nextStep' and cause->>'lane' <> 'first'`,
      [other.recordId],
    );
    assert.deepEqual(changes, [{ count: 2 }], 'each edit is in the history once');
  });

  it('an event stream that is cut goes on where it stopped', async () => {
    const deal = await supply.take('deal');
    await house().arm('salesforce', { name: 'stream.end', match: { orgId } });
    await setThere(deal, 'Before the cut');
    await setThere(deal, 'After the cut');
    await agreed(deal, 'After the cut');
    assert.deepEqual(await house().armed('salesforce'), [], 'the stream was cut');
  });

  it('edits made while the hub is down arrive when it is back', async () => {
    const deals = await supply.takeAll('deal', 6);
    await house().stopHub();
    for (const [index, deal] of deals.entries())
      await (index % 2 === 0 ? setHere(deal, `Offline ${index}`) : setThere(deal, `Offline ${index}`));
    await house().startHub();
    for (const [index, deal] of deals.entries()) await agreed(deal, `Offline ${index}`);
  });

  it('a replay id that has expired: what was missed is read again', async () => {
    const [missed, later] = await supply.takeAll('deal', 2);
    assert.ok(missed && later);
    await house().stopHub();
    await setThere(missed, 'Missed for days');
    await house().clock('salesforce', 73 * hour_ms);
    await house().startHub();
    try {
      await eventually(async () => assert.equal(await nextStepHere(missed), 'Missed for days'), 20_000);
    } finally {
      await house().clock('salesforce', -73 * hour_ms);
    }
  });
});
