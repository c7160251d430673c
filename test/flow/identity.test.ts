import assert from 'node:assert/strict';
import { eventually } from '../kit/eventually.ts';
import { PairSupply, type Pair } from '../kit/pairs.ts';
import { rapport } from '../kit/rapport-command.ts';
import { useHouse } from '../kit/use-house.ts';

describe('flow: one record stays one, whatever becomes of its rows', () => {
  const house = useHouse();
  const supply = new PairSupply(house);
  const hubspot = () => house().people.a.hubspot;
  const salesforce = () => house().people.a.salesforce;

  interface LinkRow {
    recordId: string;
    externalId: string;
    state: string;
  }
  const linksOf = (...externalIds: string[]): Promise<LinkRow[]> =>
    house().sql<LinkRow>(
      `select record_id as "recordId", external_id as "externalId", state from link
       where external_id = any($1) order by array_position($1, external_id)`,
      [externalIds],
    );
  const parkedRows = async (cause: string): Promise<string[]> => {
    const rows = await house().sql<{ id: string }>('select external_id as id from parked where cause = $1', [cause]);
    return rows.map(({ id }) => id).sort();
  };
  const accountNames = (pair: Pair) => salesforce().read('Account', pair.salesforce, ['Name', 'Phone', 'BillingCity']);

  it('two companies merged in HubSpot are one; Salesforce’s two rows stay until they are merged there, too', async () => {
    const [one, other] = (await supply.takeAll('company', 2)) as [Pair, Pair];
    const child = await hubspot().create('contacts', { email: 'child@merged.example', lastname: 'Child' });
    const path = `/crm/objects/2026-09/contacts/${child}/associations/companies/${other.hubspot}`;
    await hubspot().call('PUT', path, [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 1 }]);
    await eventually(async () => {
      const found = await salesforce().query(`SELECT Id, AccountId FROM Contact WHERE Email = 'child@merged.example'`);
      assert.deepEqual(
        found.map((row) => row['AccountId']),
        [other.salesforce],
      );
    });
    await house().quiet();

    const into = await hubspot().merge('companies', one.hubspot, other.hubspot);
    await eventually(async () => {
      const links = await linksOf(into, one.hubspot, other.hubspot, one.salesforce, other.salesforce);
      assert.deepEqual(
        links.map(({ state, recordId }) => [state, recordId]),
        [
          ['live', one.recordId],
          ['alias', one.recordId],
          ['alias', one.recordId],
          ['live', one.recordId],
          ['alias', one.recordId],
        ],
      );
    });
    await house().quiet();
    assert.deepEqual(await parkedRows('merged_elsewhere'), [other.salesforce]);
    const { properties } = await hubspot().read('companies', into, ['rapport_id', 'name']);
    assert.equal(properties['rapport_id'], one.recordId);
    const [{ company } = { company: '' }] = await house().sql<{ company: string }>(
      `select fields->>'company' as company from record where kind = 'contact' and fields->>'email' = 'child@merged.example'`,
    );
    assert.equal(company, one.recordId);

    // Both ways through the survivor; the second row is neither read nor written.
    await hubspot().update('companies', into, { phone: '+49 30 1' });
    await eventually(async () => assert.equal((await accountNames(one))['Phone'], '+49 30 1'));
    const before = await accountNames(other);
    await salesforce().update('Account', other.salesforce, { BillingCity: 'Nowhere' });
    await house().quiet();
    assert.deepEqual(await accountNames(other), { ...before, BillingCity: 'Nowhere' });
    assert.notEqual((await hubspot().read('companies', into, ['city'])).properties['city'], 'Nowhere');

    await salesforce().merge(one.salesforce, [other.salesforce]);
    await eventually(async () => assert.deepEqual(await parkedRows('merged_elsewhere'), []));
    await house().quiet();
    const [moved] = await salesforce().query(`SELECT Id, AccountId FROM Contact WHERE Email = 'child@merged.example'`);
    assert.equal(moved?.['AccountId'], one.salesforce);
    const print = await house().fingerprint('a');
    for (const installation of ['hubspot-a', 'salesforce-a']) await house().look(installation, 'poll');
    await house().quiet();
    assert.equal(await house().fingerprint('a'), print, 'nothing more is written');
  });

  it('two contacts merged in Salesforce are one; what the master lacked is filled, what lost is kept', async () => {
    const [one, other] = (await supply.takeAll('contact', 2)) as [Pair, Pair];
    await salesforce().update('Contact', one.salesforce, { Phone: null, Title: 'Keeps' });
    await salesforce().update('Contact', other.salesforce, { Phone: '+49 40 2', Title: 'Loses' });
    await house().quiet();
    await salesforce().merge(one.salesforce, [other.salesforce]);
    await eventually(async () => {
      const links = await linksOf(one.salesforce, other.salesforce, one.hubspot, other.hubspot);
      assert.deepEqual(
        links.map(({ state, recordId }) => [state, recordId]),
        ['live', 'alias', 'live', 'alias'].map((state) => [state, one.recordId]),
      );
      const { properties } = await hubspot().read('contacts', one.hubspot, ['phone', 'jobtitle']);
      assert.deepEqual([properties['phone'], properties['jobtitle']], ['+49 40 2', 'Keeps']);
      assert.equal((await salesforce().read('Contact', one.salesforce, ['Phone']))['Phone'], '+49 40 2');
    });
    const lost = await house().sql<{ lost: string }>(
      `select lost #>> '{}' as lost from conflict where record_id = $1 and reason = 'merged' and field = 'jobTitle'`,
      [one.recordId],
    );
    assert.deepEqual(lost, [{ lost: 'Loses' }]);
    assert.deepEqual(await parkedRows('merged_elsewhere'), [other.hubspot]);

    // The other way round there: what was the second row is the survivor's other half.
    const into = await hubspot().merge('contacts', other.hubspot, one.hubspot);
    await eventually(async () => {
      const links = await linksOf(into, other.hubspot, one.hubspot);
      assert.deepEqual(
        links.map(({ state, recordId }) => [state, recordId]),
        ['live', 'alias', 'alias'].map((state) => [state, one.recordId]),
      );
      assert.equal((await hubspot().read('contacts', into, ['rapport_id'])).properties['rapport_id'], one.recordId);
    });
    await house().quiet();
    assert.deepEqual(await parkedRows('merged_elsewhere'), []);
    await salesforce().update('Contact', one.salesforce, { Title: 'After both' });
    await eventually(async () =>
      assert.equal((await hubspot().read('contacts', into, ['jobtitle'])).properties['jobtitle'], 'After both'),
    );
  });

  it('a row deleted and restored takes its record up again, with its history', async () => {
    const pair = await supply.take('company');
    await hubspot().update('companies', pair.hubspot, { city: 'Before' });
    await eventually(async () => assert.equal((await accountNames(pair))['BillingCity'], 'Before'));
    const states = async (): Promise<string[]> =>
      (await linksOf(pair.hubspot, pair.salesforce)).map(({ state, recordId }) => `${state} ${recordId}`);
    await hubspot().archive('companies', pair.hubspot);
    await eventually(async () =>
      assert.deepEqual(await states(), [`retired ${pair.recordId}`, `live ${pair.recordId}`]),
    );
    await salesforce().update('Account', pair.salesforce, { Phone: '+49 351 3' });
    await house().quiet();
    await hubspot().restore('companies', pair.hubspot);
    await eventually(async () => {
      assert.deepEqual(await states(), [`live ${pair.recordId}`, `live ${pair.recordId}`]);
      const { properties } = await hubspot().read('companies', pair.hubspot, ['phone']);
      assert.equal(properties['phone'], '+49 351 3', 'what was edited meanwhile comes');
    });
    await house().quiet();
    await salesforce().delete('Account', pair.salesforce);
    await eventually(async () =>
      assert.deepEqual(await states(), [`live ${pair.recordId}`, `retired ${pair.recordId}`]),
    );
    await salesforce().undelete(pair.salesforce);
    await eventually(async () => assert.deepEqual(await states(), [`live ${pair.recordId}`, `live ${pair.recordId}`]));
    await hubspot().update('companies', pair.hubspot, { city: 'After' });
    await eventually(async () => assert.equal((await accountNames(pair))['BillingCity'], 'After'));
    const changes = await house().sql<{ after: string }>(
      `select after #>> '{}' as after from change where record_id = $1 and field = 'city' order by at_ms, id`,
      [pair.recordId],
    );
    assert.deepEqual(
      changes.map(({ after }) => after).filter((city) => ['Before', 'After'].includes(city)),
      ['Before', 'After'],
    );
  });

  it('many deletions at once wait for a person, who is told how to say that they are right', async () => {
    const emails = Array.from({ length: 12 }, (_, index) => `gone-${index}@mass.example`);
    const ids: string[] = [];
    for (const email of emails) ids.push(await salesforce().create('Contact', { LastName: 'Gone', Email: email }));
    await eventually(async () => assert.equal((await linksOf(...ids)).length, ids.length));
    await house().quiet();
    // At once: one transaction, one look.
    await salesforce().connection.sobject('Contact').destroy(ids);
    await eventually(async () => assert.equal((await parkedRows('mass_delete')).length, ids.length));
    assert.deepEqual(new Set((await linksOf(...ids)).map(({ state }) => state)), new Set(['live']));

    const env = { DATA_DIR: house().dataDir, RAPPORT_URL: house().urls.hub };
    const { stdout } = await rapport(['status'], env);
    const command = /rapport (deletes confirm tenant-a salesforce-a Contact)/.exec(stdout)?.[1] ?? '';
    const confirmed = await rapport(command.split(' '), env);
    assert.deepEqual([confirmed.code, confirmed.stderr], [0, '']);
    assert.match(confirmed.stdout, /^12 rows/);
    await eventually(async () =>
      assert.deepEqual(new Set((await linksOf(...ids)).map(({ state }) => state)), new Set(['retired'])),
    );
    assert.deepEqual(await parkedRows('mass_delete'), []);
    const again = await rapport(command.split(' '), env);
    assert.equal(again.code, 1);
    assert.match(again.stderr, /No deletions of \w+ wait/);
    await house().quiet();
  });
});
