import assert from 'node:assert/strict';
import { generateWorld } from '../../../../sandbox/seed/generate-world.ts';
import { StandIn } from './stand-in.ts';

const base = '/crm/objects/2026-09';

describe('what the HubSpot stand-in is seeded with', () => {
  const world = generateWorld(3);
  const [tenant] = world.tenants;
  let hubspot: StandIn;
  before(async () => {
    hubspot = await StandIn.start();
    hubspot.context.world = world;
    await hubspot.call('POST', '/_sandbox/reset');
  });
  after(() => hubspot.stop());

  it('e-mails of deals and contacts with their headers, and tasks; nobody is told', async () => {
    const mine = tenant?.mails.filter((one) => one.presence.hubspot > 0) ?? [];
    const properties = 'hs_email_message_id,hs_email_from_email,hs_email_direction';
    const { body } = await hubspot.call(
      'GET',
      `${base}/emails?limit=100&properties=${properties}&associations=deals,contacts`,
    );
    assert.deepEqual(
      body.results.map((one: { properties: Record<string, string> }) => one.properties['hs_email_message_id']),
      mine.map((one) => one.messageId),
    );
    for (const one of body.results) {
      assert.ok(one.associations.deals.results.length === 1 && one.associations.contacts.results.length === 1);
      const outgoing = one.properties.hs_email_direction === 'EMAIL';
      assert.equal(one.properties.hs_email_from_email.endsWith('@sales-team.example'), outgoing);
    }
    const tasks = await hubspot.call('GET', `${base}/tasks?limit=100`);
    assert.equal(tasks.body.results.length, tenant?.tasks.filter((one) => one.presence.hubspot > 0).length);
    assert.deepEqual(hubspot.events(), []);
  });
});
