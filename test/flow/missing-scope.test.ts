import assert from 'node:assert/strict';
import { portals } from '../../sandbox/seed/credentials.ts';
import { eventually } from '../kit/eventually.ts';
import { PairSupply } from '../kit/pairs.ts';
import { useHouse } from '../kit/use-house.ts';

const portalId = String(portals[0].portalId);
const scope = 'crm.objects.contacts.read';
const body = {
  status: 'error',
  category: 'MISSING_SCOPES',
  message: "This app hasn't been granted all required scopes to make this call.",
  errors: [{ message: 'One or more are required.', context: { requiredGranularScopes: [scope] } }],
};

describe('flow: a scope that is taken away from the app', function () {
  this.timeout(60_000);
  const house = useHouse();
  const supply = new PairSupply(house);
  const hubspot = () => house().people.a.hubspot;
  const salesforce = () => house().people.a.salesforce;
  const shown = (): Promise<{ detail: string; remedy: string }[]> =>
    house().sql('select detail, remedy from parked where object = $1 and external_id is null and record_id is null', [
      'contacts',
    ]);

  it('is shown with its remedy and stops its object alone; given back, nothing was lost', async () => {
    const contact = await supply.take('contact');
    const deal = await supply.take('deal');
    await house().quiet();
    const objects = '/crm/objects/2026-09/contacts';
    const paths = [objects, `${objects}/batch/read`, `${objects}/search`, '/crm/properties/2026-09/contacts'];
    const fault = { name: 'api.status', times: 1_000, params: { status: 403, body } };
    // A person's calls go the same ways: only the hub's reads are refused, and the person writes.
    await house().arm('hubspot', ...paths.slice(1).map((path) => ({ ...fault, match: { portalId, path } })));
    await house().arm('hubspot', { ...fault, match: { portalId, path: objects, method: 'GET' } });

    await hubspot().update('contacts', contact.hubspot, { jobtitle: 'Unreadable for a while' });
    await eventually(async () => assert.equal((await shown()).length, 1), 15_000);
    const [entry] = await shown();
    assert.match(String(entry?.remedy), new RegExp(scope));
    await hubspot().update('deals', deal.hubspot, { hs_next_step: 'Goes on' });
    await eventually(async () => {
      const row = await salesforce().read('Opportunity', deal.salesforce, ['NextStep']);
      assert.equal(row['NextStep'], 'Goes on');
    });
    const { tenants } = await house().status();
    assert.ok(
      tenants[0]?.installations.every(({ state, brokenReason }) => state === 'writing' && brokenReason === null),
    );

    await house().clearFaults('hubspot');
    await eventually(async () => {
      await house().look('hubspot-a', 'poll');
      assert.deepEqual(await shown(), []);
    }, 15_000);
    await eventually(async () => {
      const row = await salesforce().read('Contact', contact.salesforce, ['Title']);
      assert.equal(row['Title'], 'Unreadable for a while');
    }, 15_000);
    await house().quiet();
  });
});
