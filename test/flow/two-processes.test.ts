import assert from 'node:assert/strict';
import { join } from 'node:path';
import { startChild, type Child } from '../../scripts/child.ts';
import { eventually } from '../kit/eventually.ts';
import { freePort } from '../kit/free-port.ts';
import { PairSupply, type Pair } from '../kit/pairs.ts';
import { useHouse } from '../kit/use-house.ts';

const script = join(import.meta.dirname, '..', '..', 'hub', 'cli', 'main.ts');

describe('flow: two processes of one hub', function () {
  this.timeout(60_000);
  const house = useHouse({ hub: 'process' });
  const supply = new PairSupply(house);
  let second: Child | undefined;
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

  it('each Salesforce account’s stream is followed by one of them; when that one dies the other goes on', async () => {
    const deal = await supply.take('deal');
    const before = await followers();
    assert.deepEqual(Object.keys(before), ['salesforce-a', 'salesforce-b']);
    const roles = 'inbound,sync,delivery';
    const env = { ...house().env, PORT: String(await freePort()), PROVISION_FILE: '' };
    second = await startChild(script, ['serve', '--roles', roles], env, () => undefined);
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
