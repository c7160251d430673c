import assert from 'node:assert/strict';
import { join } from 'node:path';
import { portals } from '../../sandbox/seed/credentials.ts';
import { startChild, type Child } from '../../scripts/child.ts';
import { eventually } from '../kit/eventually.ts';
import { freePort } from '../kit/free-port.ts';
import { PairSupply, type Pair } from '../kit/pairs.ts';
import { useHouse } from '../kit/use-house.ts';

const script = join(import.meta.dirname, '..', '..', 'hub', 'cli', 'main.ts');

/** A little longer than an access token of HubSpot lives. */
const halfAnHour_ms = 31 * 60_000;

describe('flow: two processes of one hub', function () {
  this.timeout(60_000);
  const house = useHouse({ hub: 'process' });
  const supply = new PairSupply(house);
  let second: Child | undefined;
  before(async function () {
    this.timeout(30_000);
    const env = { ...house().env, PORT: String(await freePort()), PROVISION_FILE: '' };
    second = await startChild(script, ['serve', '--roles', 'inbound,sync,delivery'], env, () => undefined);
  });
  after(() => second?.stop());

  /** Who follows which account's event stream. */
  const followers = async (): Promise<Record<string, string>> => {
    const rows = await house().sql<{ id: string; holder: string }>(
      `select installation_id as id, holder from lease where what = 'stream' and until_ms > $1 order by 1`,
      [Date.now()],
    );
    return Object.fromEntries(rows.map(({ id, holder }) => [id, holder]));
  };
  const editThere = async (deal: Pair, text: string): Promise<void> => {
    await house().people.a.salesforce.update('Opportunity', deal.salesforce, { NextStep: text });
    await eventually(async () => {
      const { properties } = await house().people.a.hubspot.read('deals', deal.hubspot, ['hs_next_step']);
      assert.equal(properties['hs_next_step'], text);
    }, 20_000);
  };

  it('renew a rotating token once when it runs out, whichever finds out', async () => {
    const rounds = 3;
    const deals = await supply.takeAll('deal', 5);
    const match = { portalId: String(portals[0].portalId) };
    await house().arm('hubspot', { name: 'token.rotate', times: 100, match });
    for (let round = 1; round <= rounds; round += 1) {
      await house().clock('hubspot', halfAnHour_ms);
      await Promise.all(deals.map((deal, index) => editThere(deal, `Round ${round}, ${index}`)));
    }
    const left = (await house().armed('hubspot'))[0]?.times ?? 100;
    await house().clock('hubspot', -rounds * halfAnHour_ms);
    assert.equal(100 - left, rounds, 'one refresh each time the token ran out');
    const { tenants } = await house().status();
    assert.deepEqual(
      tenants[0]?.installations.map(({ brokenReason }) => brokenReason),
      [null, null],
    );
  });

  it('each Salesforce account’s stream is followed by one of them; when that one dies the other goes on', async () => {
    const deal = await supply.take('deal');
    const before = await eventually(async () => {
      const found = await followers();
      assert.deepEqual(Object.keys(found), ['salesforce-a', 'salesforce-b']);
      return found;
    });
    await editThere(deal, 'Told to one of two');
    assert.deepEqual(await followers(), before, 'the second takes nothing away');
    const changes = await house().sql<{ count: number }>(
      `select count(*)::int from change where record_id = $1 and after = '"Told to one of two"'`,
      [deal.recordId],
    );
    assert.deepEqual(changes, [{ count: 1 }]);

    // What a kill in the middle of a write costs is another test's matter.
    await house().quiet();
    await house().killHub();
    await editThere(deal, 'Told to the other');
    const now = await followers();
    assert.deepEqual(Object.keys(now), ['salesforce-a', 'salesforce-b']);
    assert.notEqual(now['salesforce-a'], before['salesforce-a']);

    await house().startHub();
    const { tenants } = await house().status();
    const stream = tenants[0]?.installations.find(({ id }) => id === 'salesforce-a')?.stream;
    assert.ok(stream?.followed && stream.heardAt_ms !== null);
  });
});
