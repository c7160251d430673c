import assert from 'node:assert/strict';
import { orgs } from '../../sandbox/seed/credentials.ts';
import { eventually } from '../kit/eventually.ts';
import { useHouse } from '../kit/use-house.ts';

const { orgId } = orgs[0];

describe('flow: batches that an org’s own code cannot bear', function () {
  this.timeout(90_000);
  const house = useHouse();
  const hubspot = () => house().people.a.hubspot;
  const salesforce = () => house().people.a.salesforce;

  /** So many contacts made while the hub is away: they are due together. */
  const makeAtOnce = async (names: readonly string[]): Promise<void> => {
    await house().stopHub();
    for (const [index, lastname] of names.entries())
      await hubspot().create('contacts', { lastname, email: `${lastname.toLowerCase()}-${index}@batch.example` });
    await house().startHub();
  };
  const namesThere = async (pattern: string): Promise<string[]> =>
    (await salesforce().query<{ LastName: string }>(`SELECT LastName FROM Contact WHERE LastName LIKE '${pattern}'`))
      .map((row) => row.LastName)
      .toSorted();

  it('a row over which every call fails inside is parked alone with the vendor’s words; the others are written', async () => {
    const others = Array.from({ length: 9 }, (_, at) => `Bystander${at}`);
    await house().arm('salesforce', {
      name: 'api.poison',
      times: 1_000,
      match: { org: orgId, entity: 'Contact' },
      params: { field: 'LastName', value: 'Poison' },
    });
    await makeAtOnce([...others.slice(0, 5), 'Poison', ...others.slice(5)]);
    await eventually(async () => {
      await house().passPauses('salesforce-a');
      assert.deepEqual(await namesThere('Bystander%'), others);
    }, 30_000);
    await eventually(async () => {
      await house().passPauses('salesforce-a');
      const parked = await house().sql<{ cause: string; detail: string }>(
        `select p.cause, p.detail from parked p join record r on r.id = p.record_id
         where p.installation_id = 'salesforce-a' and r.fields->>'lastName' = 'Poison'`,
      );
      assert.deepEqual(
        parked.map(({ cause }) => cause),
        ['refused'],
      );
      assert.match(parked[0]?.detail ?? '', /UNKNOWN_EXCEPTION/);
    }, 30_000);
    assert.deepEqual(await namesThere('Poison'), []);
  });

  it('a trigger that is not bulk-safe: the batch gets smaller until it is borne, and nothing is parked', async () => {
    await house().clearFaults('salesforce');
    const count = async (): Promise<number> =>
      (await house().sql<{ count: number }>(`select count(*)::int from parked where cause = 'refused'`))[0]?.count ?? 0;
    const before = await count();
    const names = Array.from({ length: 12 }, (_, at) => `Trigger${String(at).padStart(2, '0')}`);
    await house().arm('salesforce', {
      name: 'apex.limit',
      times: 1_000,
      match: { org: orgId, entity: 'Contact' },
      params: { above: 3 },
    });
    await makeAtOnce(names);
    await eventually(async () => {
      await house().passPauses('salesforce-a');
      assert.deepEqual(await namesThere('Trigger%'), names);
    }, 30_000);
    assert.equal(await count(), before);
  });
});
