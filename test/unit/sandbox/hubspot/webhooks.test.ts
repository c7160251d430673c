import assert from 'node:assert/strict';
import { createHash, createHmac } from 'node:crypto';
import { Storage } from '../../../../sandbox/kit/storage.ts';
import { hubspotApp, portals } from '../../../../sandbox/seed/credentials.ts';
import { StandIn, until } from './stand-in.ts';

const deals = '/crm/objects/2026-09/deals';

describe('HubSpot stand-in: webhooks (HubSpot docs, webhooks API guide)', () => {
  let hubspot: StandIn;
  beforeEach(async () => {
    hubspot = await StandIn.start();
  });
  afterEach(() => hubspot.stop());

  const seededDeal = async (): Promise<string> => (await hubspot.call('GET', deals)).body.results[0].id;

  it('sends a person’s edit as a signed array with all documented fields', async () => {
    const id = await seededDeal();
    await hubspot.call('PATCH', `${deals}/${id}`, { properties: { dealstage: 'qualifiedtobuy' } });
    const request = await until(() => hubspot.received[0]);
    assert.equal(request.url, '/webhooks/hubspot');
    const [event] = JSON.parse(request.body);
    const { eventId, subscriptionId, occurredAt, sourceId, ...rest } = event;
    assert.deepEqual(rest, {
      appId: hubspotApp.appId,
      attemptNumber: 0,
      changeSource: 'CRM_UI',
      isSensitive: false,
      objectId: Number(id),
      objectTypeId: '0-3',
      portalId: portals[0].portalId,
      propertyName: 'dealstage',
      propertyValue: 'qualifiedtobuy',
      subscriptionType: 'object.propertyChange',
    });
    for (const number of [eventId, subscriptionId, occurredAt]) assert.equal(typeof number, 'number');
    assert.match(sourceId, /^userId:\d+$/);
    const timestamp = request.headers['x-hubspot-request-timestamp'];
    const source = `POST${hubspot.context.hubUrl}${request.url}${request.body}${String(timestamp)}`;
    const v3 = createHmac('sha256', hubspotApp.clientSecret).update(source).digest('base64');
    assert.equal(request.headers['x-hubspot-signature-v3'], v3);
    const v1 = createHash('sha256')
      .update(hubspotApp.clientSecret + request.body)
      .digest('hex');
    assert.equal(request.headers['x-hubspot-signature'], v1);
  });

  it('marks an app’s own change as INTEGRATION with the app’s id', async () => {
    const id = await seededDeal();
    const token = await hubspot.appToken();
    await hubspot.call('PATCH', `${deals}/${id}`, { properties: { amount: '7' } }, token);
    const [event] = await until(() => (hubspot.events().length > 0 ? hubspot.events() : undefined));
    assert.equal(event?.['changeSource'], 'INTEGRATION');
    assert.equal(event?.['sourceId'], String(hubspotApp.appId));
  });

  it('sends dates as epoch milliseconds, nothing for the modified stamp, nothing when nothing changed', async () => {
    const id = await seededDeal();
    await hubspot.call('PATCH', `${deals}/${id}`, { properties: { closedate: '2027-01-15' } });
    await hubspot.call('PATCH', `${deals}/${id}`, { properties: { closedate: '2027-03-01' } });
    await until(() => hubspot.events().length > 0);
    assert.deepEqual(
      hubspot.events().map((event) => [event['propertyName'], event['propertyValue']]),
      [['closedate', String(Date.UTC(2027, 2, 1))]],
    );
  });

  it('puts events that happen together into one request, at most 100', async () => {
    const inputs = Array.from({ length: 60 }, (_, at) => ({ properties: { name: `n${at}`, city: 'Ulm' } }));
    await hubspot.call('POST', '/crm/objects/2026-09/companies/batch/create', { inputs });
    await until(() => hubspot.events().length === 180);
    assert.deepEqual(
      hubspot.received.map(({ body }) => (JSON.parse(body) as unknown[]).length).sort((a, b) => b - a),
      [100, 80],
    );
    assert.equal(hubspot.events('object.creation').length, 60);
    assert.equal(hubspot.events('object.creation')[0]?.['changeFlag'], 'CREATED');
  });

  it('keeps at most maxConcurrentRequests in flight', async () => {
    hubspot.reply = () => undefined;
    const inputs = Array.from({ length: 100 }, (_, at) => ({ properties: { name: `n${at}` } }));
    for (let at = 0; at < 6; at += 1) {
      await hubspot.call('POST', '/crm/objects/2026-09/companies/batch/create', { inputs });
    }
    await until(() => hubspot.received.length === 10);
    await new Promise((resolve) => {
      setTimeout(resolve, 100);
    });
    assert.equal(hubspot.received.length, 10);
  });

  it('tries again after a refusal, with a higher attemptNumber and the same eventId', async () => {
    const id = await seededDeal();
    hubspot.reply = () => ({ status: hubspot.received.length === 1 ? 503 : 200 });
    await hubspot.call('PATCH', `${deals}/${id}`, { properties: { amount: '8' } });
    await until(() => hubspot.received.length === 2);
    const [first, second] = hubspot.events();
    assert.equal(second?.['attemptNumber'], 1);
    assert.equal(second?.['eventId'], first?.['eventId']);
    await until(async () => (await hubspot.call('GET', '/_sandbox/webhooks')).body.pending === 0);
  });

  it('gives up after ten retries within 24 hours', async () => {
    const id = await seededDeal();
    hubspot.reply = () => ({ status: 404 });
    const pushing = setInterval(() => hubspot.context.clock.advance(36_000_000), 20);
    await hubspot.call('PATCH', `${deals}/${id}`, { properties: { amount: '9' } });
    await until(() => hubspot.received.length === 11);
    await new Promise((resolve) => {
      setTimeout(resolve, 400);
    });
    clearInterval(pushing);
    assert.equal(hubspot.received.length, 11);
    assert.equal((await hubspot.call('GET', '/_sandbox/webhooks')).body.pending, 0);
  });

  it('faults drop, duplicate and delay an event', async () => {
    const id = await seededDeal();
    const patch = (properties: object) => hubspot.call('PATCH', `${deals}/${id}`, { properties });
    hubspot.context.faults.arm({ name: 'webhook.drop', match: { propertyName: 'amount' } });
    hubspot.context.faults.arm({ name: 'webhook.duplicate', match: { propertyName: 'hs_next_step' } });
    hubspot.context.faults.arm({
      name: 'webhook.delay',
      match: { propertyName: 'dealname' },
      params: { delay_ms: 60_000 },
    });
    await patch({ amount: '10', hs_next_step: 'x', dealname: 'y' });
    await until(() => hubspot.events().length === 2);
    const [first, second] = hubspot.events();
    assert.deepEqual(first, second);
    assert.equal(first?.['propertyName'], 'hs_next_step');
    hubspot.context.clock.advance(61_000);
    await until(() => hubspot.events().length === 3);
    assert.equal(hubspot.events()[2]?.['propertyName'], 'dealname');
  });

  it('tells both directions of an association, and a primary company by its own event', async () => {
    const id = await seededDeal();
    const company = await hubspot.create('companies', {});
    await until(() => hubspot.events('object.creation').length === 1);
    const path = `/crm/objects/2026-09/deals/${id}/associations/default/companies/${company}`;
    await hubspot.call('PUT', path);
    await until(() => hubspot.events('object.associationChange').length === 2);
    const pick = (event: Record<string, unknown>) =>
      ['fromObjectTypeId', 'toObjectTypeId', 'associationTypeId', 'isPrimaryAssociation', 'associationRemoved'].map(
        (name) => event[name],
      );
    assert.deepEqual(hubspot.events('object.associationChange').map(pick), [
      ['0-3', '0-2', 341, false, false],
      ['0-2', '0-3', 342, false, false],
    ]);
  });

  // HubSpot changelog: a privacy deletion sends an ordinary deletion beside it.
  it('tells deletion, restore and privacy deletion', async () => {
    const companies = '/crm/objects/2026-09/companies';
    const id = await hubspot.create('companies', {});
    await hubspot.call('DELETE', `${companies}/${id}`);
    await hubspot.call('POST', '/_ui/restore', { portalId: portals[0].portalId, type: 'companies', id });
    const contact = await hubspot.create('contacts', { email: 'bye@x.example' });
    await hubspot.call('POST', '/crm/objects/2026-09/contacts/gdpr-delete', {
      objectId: 'bye@x.example',
      idProperty: 'email',
    });
    await until(() => hubspot.events('contact.privacyDeletion').length === 1);
    assert.equal(hubspot.events('object.deletion')[0]?.['objectId'], Number(id));
    assert.equal(hubspot.events('object.restore')[0]?.['objectId'], Number(id));
    assert.equal(hubspot.events('object.deletion')[1]?.['objectId'], Number(contact));
    assert.equal(hubspot.events('contact.privacyDeletion')[0]?.['objectId'], Number(contact));
    const path = `/crm/objects/2026-09/contacts/${contact}?archived=true`;
    assert.equal((await hubspot.call('GET', path)).status, 404);
  });

  it('keeps what is not delivered through a restart', async () => {
    await hubspot.stop();
    hubspot = await StandIn.start(undefined, new Storage(':memory:'));
    const id = await seededDeal();
    hubspot.reply = () => ({ status: 500 });
    await hubspot.call('PATCH', `${deals}/${id}`, { properties: { amount: '11' } });
    await until(() => hubspot.received.length === 1);
    await until(async () => (await hubspot.call('GET', '/_sandbox/webhooks')).body.pending === 1);
    hubspot.reply = () => ({ status: 200 });
    await hubspot.restart();
    hubspot.context.clock.advance(5000);
    await until(() => hubspot.received.length === 2);
    assert.equal(hubspot.events()[1]?.['propertyName'], 'amount');
  });
});
