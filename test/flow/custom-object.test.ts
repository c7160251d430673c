import assert from 'node:assert/strict';
import { eventually } from '../kit/eventually.ts';
import { testPortal } from '../kit/start-house.ts';
import { HubspotPerson } from '../kit/hubspot-person.ts';
import { useHouse } from '../kit/use-house.ts';

describe('flow: a portal that has the custom object for reports', () => {
  const house = useHouse({ testPortal: true });

  it('gets the report as a row of it, on the deal, and no note', async () => {
    const { portalId, personToken } = testPortal;
    const person = new HubspotPerson({ url: house().urls.hubspot, portalId, token: personToken });
    await eventually(async () => {
      const tenant = (await house().status()).tenants.find(({ id }) => id === 'tenant-c');
      assert.deepEqual(
        tenant?.installations.map(({ state }) => state),
        ['writing'],
      );
    }, 15_000);
    const [known] = await house().people.a.hubspot.list('companies', ['name', 'domain']);
    assert.ok(known);
    const { name = null, domain = null } = known.properties;
    const company = await person.create('companies', { name, domain });
    const deal = await person.create('deals', {
      dealname: 'A deal at the test portal',
      pipeline: 'default',
      dealstage: 'appointmentscheduled',
    });
    await person.call('PUT', `/crm/objects/2026-09/deals/${deal}/associations/companies/${company}`, [
      { associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 5 },
    ]);
    await eventually(async () => {
      const { properties } = await person.read('deals', deal, ['rapport_id']);
      assert.ok(properties['rapport_id'], 'the deal is known');
    });
    await person.update('deals', deal, { dealstage: 'qualifiedtobuy' });
    const type = `p${portalId}_rapport_research`;
    const [report] = await eventually(async () => {
      const rows = await person.list(type, ['title', 'summary', 'body', 'model', 'rapport_id'], {
        associations: ['deals'],
      });
      assert.equal(rows.length, 1);
      assert.deepEqual(Object.values(rows[0]?.associations ?? {}), [[deal]]);
      return rows;
    }, 15_000);
    assert.ok(report?.properties['title'] && report.properties['model']);
    assert.ok(String(report.properties['body']).length > 200);
    const row = await person.read('deals', deal, ['rapport_research_summary']);
    assert.equal(row.properties['rapport_research_summary'], report.properties['summary']);
    assert.deepEqual(await person.list('notes', ['rapport_id']), []);
  });
});
