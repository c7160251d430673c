import assert from 'node:assert/strict';
import { portals } from '../../../../sandbox/seed/credentials.ts';
import { StandIn, until } from './stand-in.ts';

const base = '/crm/objects/2026-09';

describe('HubSpot stand-in: archive and restore (HubSpot knowledge base, restore deleted records)', () => {
  let hubspot: StandIn;
  beforeEach(async () => {
    hubspot = await StandIn.start();
  });
  afterEach(() => hubspot.stop());

  const restore = (type: string, id: string) =>
    hubspot.call('POST', '/_ui/restore', { portalId: portals[0].portalId, type, id });

  it('lists what is archived with the time, and only there', async () => {
    const id = await hubspot.create('deals', { dealname: 'Gone' });
    await hubspot.call('DELETE', `${base}/deals/${id}`);
    const list = (archived: boolean) => hubspot.call('GET', `${base}/deals?archived=${archived}&properties=dealname`);
    const [gone] = (await list(true)).body.results;
    assert.deepEqual([gone.id, gone.archived, gone.properties.dealname], [id, true, 'Gone']);
    assert.ok(Date.parse(gone.archivedAt) > 0);
    assert.ok((await list(false)).body.results.every((one: { id: string }) => one.id !== id));
    const many = await hubspot.call('POST', `${base}/deals/batch/read?archived=true`, { inputs: [{ id }] });
    assert.equal(many.body.results[0].archived, true);
  });

  it('comes back under its id with its values and associations, as a person’s change', async () => {
    const company = await hubspot.create('companies', { name: 'Firm' });
    const deal = await hubspot.create('deals', { dealname: 'Back' });
    await hubspot.call('PUT', `${base}/deals/${deal}/associations/default/companies/${company}`);
    await hubspot.call('DELETE', `${base}/deals/${deal}`, undefined, await hubspot.appToken());
    assert.equal((await restore('deals', deal)).status, 204);
    const { body } = await hubspot.call('GET', `${base}/deals/${deal}?associations=companies`);
    assert.deepEqual([body.archived, body.properties.dealname], [false, 'Back']);
    assert.equal(body.associations.companies.results[0].id, company);
    await until(() => hubspot.events('object.restore').length === 1);
    assert.equal(hubspot.events('object.deletion')[0]?.['changeSource'], 'INTEGRATION');
    assert.equal(hubspot.events('object.restore')[0]?.['changeSource'], 'CRM_UI');
  });

  it('is not restored after 90 days, nor while its e-mail is another contact’s, nor when it was merged away', async () => {
    const late = await hubspot.create('contacts', {});
    await hubspot.call('DELETE', `${base}/contacts/${late}`);
    hubspot.context.clock.advance(91 * 86_400_000);
    assert.equal((await restore('contacts', late)).status, 404);

    const first = await hubspot.create('contacts', { email: 'same@r.example' });
    await hubspot.call('DELETE', `${base}/contacts/${first}`);
    const second = await hubspot.create('contacts', { email: 'same@r.example' });
    const refused = await restore('contacts', first);
    assert.equal(refused.status, 400);
    assert.match(refused.body.message, new RegExp(`${second} already has that value`));

    const other = await hubspot.create('contacts', {});
    const merge = { primaryObjectId: second, objectIdToMerge: other };
    await hubspot.call('POST', `${base}/contacts/merge`, merge);
    assert.equal((await restore('contacts', other)).status, 404);
  });
});
