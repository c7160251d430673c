import assert from 'node:assert/strict';
import { portals } from '../../sandbox/seed/credentials.ts';
import { eventually } from '../kit/eventually.ts';
import { PairSupply, type Pair } from '../kit/pairs.ts';
import { rapport } from '../kit/rapport-command.ts';
import { useHouse } from '../kit/use-house.ts';

const portalId = String(portals[0].portalId);
const hour_ms = 3_600_000;

describe('flow: a sweep proves agreement, and finds what nothing told of', function () {
  this.timeout(60_000);
  const house = useHouse();
  const supply = new PairSupply(house);
  const hubspot = () => house().people.a.hubspot;
  const salesforce = () => house().people.a.salesforce;

  const tenant = async () => {
    const found = (await house().status()).tenants.find((one) => one.id === 'tenant-a');
    assert.ok(found);
    return found;
  };
  const objectsOf = async (installation: string) => {
    const found = (await tenant()).installations.find((one) => one.id === installation);
    assert.ok(found);
    return found.objects;
  };
  const sweepOf = async (installation: string, object: string) =>
    (await objectsOf(installation)).find((one) => one.object === object)?.sweep;
  /** As `rapport sweep`; answers when every object of the account was compared since. */
  const sweep = async (installation: string): Promise<void> => {
    const since_ms = Date.now();
    await ask(installation);
    await eventually(async () => {
      for (const { object, sweep: last } of await objectsOf(installation))
        assert.ok(last && last.startedAt_ms >= since_ms, `${object} is not swept yet`);
    }, 20_000);
  };
  const ask = async (installation: string): Promise<void> => {
    const env = { DATA_DIR: house().dataDir, RAPPORT_URL: house().urls.hub };
    const { code, stderr } = await rapport(['sweep', 'tenant-a', installation], env);
    assert.equal(code, 0, stderr);
  };
  const stateOf = async (deal: Pair): Promise<unknown> =>
    (
      await house().sql(`select state from link where installation_id = 'hubspot-a' and external_id = $1`, [
        deal.hubspot,
      ])
    )[0];

  for (const installation of ['hubspot-a', 'salesforce-a'])
    it(`all rows of ${installation} agree, and a sweep of what agrees writes and reads nothing more`, async () => {
      // A row's stamp also moves with rows around it: those are looked at once.
      await sweep(installation);
      await house().quiet();
      const before = await house().fingerprint('a');
      const observed = await house().metric('rapport_vendor_calls_total', { purpose: 'observe' });
      await sweep(installation);
      for (const { object, sweep: last, lag_ms } of await objectsOf(installation)) {
        assert.ok(last && last.rows > 30, object);
        assert.deepEqual([last.equal + last.parked, last.unseen, last.missing], [last.rows, 0, 0], object);
        assert.ok(lag_ms !== null && lag_ms < 120_000, object);
      }
      await house().quiet();
      assert.equal(await house().fingerprint('a'), before);
      assert.equal(await house().metric('rapport_vendor_calls_total', { purpose: 'observe' }), observed);
    });

  it('an edit whose event is dropped, and that the search behind the poll does not show: the sweep finds and counts it', async () => {
    const deal = await supply.take('deal');
    const caught = async (): Promise<number> => (await tenant()).status.caughtBy['sweep'] ?? 0;
    const before = await caught();
    const match = { portalId };
    await house().arm('hubspot', { name: 'webhook.drop', times: 5, match: { ...match, objectId: deal.hubspot } });
    await house().arm('hubspot', { name: 'search.lag', times: 5, match, params: { lag_ms: hour_ms } });
    await hubspot().update('deals', deal.hubspot, { hs_next_step: 'Told by nobody' });
    await house().look('hubspot-a', 'poll');
    await house().quiet();
    await sweep('hubspot-a');
    await eventually(async () => {
      const { NextStep } = await salesforce().read('Opportunity', deal.salesforce, ['NextStep']);
      assert.equal(NextStep, 'Told by nobody');
    }, 15_000);
    assert.equal(await caught(), before + 1);
    assert.equal((await sweepOf('hubspot-a', 'deals'))?.unseen, 1);
  });

  it('a row that was deleted unseen: a sweep that is cut off retires nothing, a whole one does', async () => {
    const deal = await supply.take('deal');
    await house().quiet();
    await house().arm('hubspot', { name: 'webhook.drop', times: 20, match: { portalId, objectId: deal.hubspot } });
    await hubspot().archive('deals', deal.hubspot);
    const path = '/crm/objects/2026-09/deals';
    const body = { status: 'error', message: 'This page cannot be given', category: 'VALIDATION_ERROR' };
    const refusal = { name: 'api.status', times: 1_000, match: { portalId, path, method: 'GET' } };
    await house().arm('hubspot', { ...refusal, params: { status: 400, body } });
    const since_ms = Date.now();
    await ask('hubspot-a');
    await eventually(async () => {
      const [contacts, deals] = [await sweepOf('hubspot-a', 'contacts'), await sweepOf('hubspot-a', 'deals')];
      assert.ok(contacts && contacts.startedAt_ms >= since_ms, 'one object that cannot be listed holds up no other');
      assert.ok(!deals || deals.startedAt_ms < since_ms);
    }, 20_000);
    await house().quiet();
    assert.deepEqual(await stateOf(deal), { state: 'live' });
    await house().clearFaults('hubspot');
    await sweep('hubspot-a');
    await eventually(async () => assert.deepEqual(await stateOf(deal), { state: 'retired' }), 15_000);
    assert.equal((await sweepOf('hubspot-a', 'deals'))?.missing, 1);
  });

  it('many rows that were deleted unseen: a sweep finds them, and they wait for a person as others do', async () => {
    const inputs = Array.from({ length: 12 }, (_, at) => ({ properties: { email: `unseen-${at}@mass.example` } }));
    const contacts = '/crm/objects/2026-09/contacts/batch';
    const made = (await hubspot().call('POST', `${contacts}/create`, { inputs })) as { results: { id: string }[] };
    const ids = made.results.map(({ id }) => id);
    const statesOf = async (): Promise<string[]> =>
      (
        await house().sql<{ state: string }>(
          `select state from link where installation_id = 'hubspot-a' and object = 'contacts' and external_id = any($1)`,
          [ids],
        )
      ).map(({ state }) => state);
    await eventually(async () => assert.equal((await statesOf()).length, ids.length));
    await house().quiet();
    await house().arm('hubspot', { name: 'webhook.drop', times: 100, match: { portalId } });
    await hubspot().call('POST', `${contacts}/archive`, { inputs: ids.map((id) => ({ id })) });
    await house().quiet();
    await house().clearFaults('hubspot');
    assert.deepEqual(new Set(await statesOf()), new Set(['live']));
    await sweep('hubspot-a');
    const waiting = async (): Promise<number> =>
      (await tenant()).status.parked.find((one) => one.cause === 'mass_delete')?.count ?? 0;
    await eventually(async () => assert.equal(await waiting(), ids.length), 15_000);
    assert.deepEqual(new Set(await statesOf()), new Set(['live']));
    const env = { DATA_DIR: house().dataDir, RAPPORT_URL: house().urls.hub };
    const confirmed = await rapport(['deletes', 'confirm', 'tenant-a', 'hubspot-a', 'contacts'], env);
    assert.match(confirmed.stdout, /^12 rows/, confirmed.stderr);
    await eventually(async () => assert.deepEqual(new Set(await statesOf()), new Set(['retired'])), 15_000);
    assert.equal(await waiting(), 0);
  });
});
