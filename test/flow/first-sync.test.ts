import assert from 'node:assert/strict';
import type { TenantKey } from '../kit/house.ts';
import { useHouse } from '../kit/use-house.ts';

describe('flow: the first sync of two tenants', () => {
  const house = useHouse();

  it('opens writing everywhere and starts no run', async () => {
    const { tenants } = await house().status();
    assert.equal(tenants.length, 2);
    for (const { installations, status } of tenants) {
      assert.deepEqual(
        installations.map(({ state, brokenReason }) => ({ state, brokenReason })),
        Array.from({ length: 2 }, () => ({ state: 'writing', brokenReason: null })),
      );
      assert.deepEqual(status.runs, {}, 'deals that are already in the stage start nothing');
      assert.ok((status.records['deal'] ?? 0) >= 60);
    }
  });

  it('starts none for the deals that stand in the trigger’s stage in both CRMs already', async () => {
    for (const tenant of ['a', 'b'] satisfies TenantKey[]) {
      const { hubspot, salesforce } = house().people[tenant];
      const deals = await hubspot.list('deals', ['dealstage', 'rapport_id']);
      const there = deals.filter(({ properties }) => properties['dealstage'] === 'qualifiedtobuy');
      const opportunities = await salesforce.query(
        "SELECT Id, Rapport_Id__c FROM Opportunity WHERE StageName = 'Qualification'",
      );
      const ids = new Set(opportunities.map((row) => row['Rapport_Id__c']));
      const inBoth = there.filter(({ properties }) => ids.has(properties['rapport_id']));
      assert.ok(inBoth.length >= 3, `${inBoth.length} deals of tenant ${tenant} stand in the stage in both CRMs`);
      const [known] = await house().sql<{ count: number }>(
        `select count(*)::int from record where kind = 'deal' and fields->>'stage' = 'qualifiedtobuy'`,
        [],
        tenant,
      );
      assert.ok((known?.count ?? 0) >= inBoth.length, 'the hub knows them in that stage');
      assert.deepEqual(await house().sql('select id, state from run', [], tenant), []);
      assert.deepEqual(await house().sql(`select id from audit where action like 'run.%'`, [], tenant), []);
    }
  });
});
