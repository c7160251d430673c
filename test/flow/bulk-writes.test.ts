import assert from 'node:assert/strict';
import { eventually } from '../kit/eventually.ts';
import { useHouse } from '../kit/use-house.ts';

const many = 2_050;

describe('flow: an account opens for writing that lacks more rows than calls are good for', function () {
  this.timeout(180_000);
  const house = useHouse({ confirmed: false });

  /** So many companies made in HubSpot; answers the names they bear. */
  const makeThere = async (): Promise<string[]> => {
    const names = Array.from({ length: many }, (_, at) => `Bulk ${String(at).padStart(4, '0')}`);
    for (let from = 0; from < many; from += 100) {
      const inputs = names.slice(from, from + 100).map((name) => ({
        properties: { name, domain: `${name.toLowerCase().replace(' ', '-')}.example` },
      }));
      await house().people.a.hubspot.call('POST', '/crm/objects/2026-09/companies/batch/create', { inputs });
    }
    return names;
  };

  it('a job writes them, each once, and every one is confirmed; a job that breaks off is no loss', async () => {
    const names = await makeThere();
    await house().arm('salesforce', { name: 'bulk.fail', match: { kind: 'ingest', processed: '1000' } });
    const known = async (): Promise<number> =>
      (await house().sql<{ count: number }>("select count(*)::int from record where fields->>'name' like 'Bulk %'"))[0]
        ?.count ?? 0;
    await eventually(async () => {
      await house().look('hubspot-a', 'poll');
      assert.equal(await known(), many);
    }, 60_000);
    await house().quiet(60_000);
    await house().sql('update installation set confirmed = true');
    for (const account of ['hubspot-a', 'salesforce-a']) await house().look(account, 'backfill');
    const there = async (): Promise<string[]> =>
      (
        await house().people.a.salesforce.query<{ Name: string }>("SELECT Name FROM Account WHERE Name LIKE 'Bulk %'")
      ).map((row) => row.Name);
    await eventually(async () => assert.equal((await there()).length, many), 120_000);
    await house().quiet(60_000);
    assert.deepEqual((await there()).toSorted(), names, 'each once');
    assert.deepEqual(await house().armed('salesforce'), [], 'the job broke off');
    const [{ confirmed } = { confirmed: 0 }] = await house().sql<{ confirmed: number }>(
      `select count(*)::int as confirmed from link join write on write.link_id = link.id and write.state = 'confirmed'
       join record on record.id = link.record_id
       where link.installation_id = 'salesforce-a' and link.state = 'live' and record.fields->>'name' like 'Bulk %'`,
    );
    assert.equal(confirmed, many);
    const writes = await house().metric('rapport_vendor_calls_total', {
      vendor: 'salesforce',
      object: 'Account',
      purpose: 'deliver',
    });
    assert.ok(writes > 0 && writes < 60, `${writes} calls`);
  });
});
