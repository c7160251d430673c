import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StandIn, until } from './stand-in.ts';

const base = '/crm/objects/2026-09';
const stamp = { hs_timestamp: '2026-11-20T08:00:00Z' };
const headers = JSON.stringify({
  from: { email: 'ada@rep.example', firstName: 'Ada', lastName: 'Lane' },
  to: [{ email: 'cleo@northwind.example', firstName: 'Cleo' }, { email: 'bo@northwind.example' }],
  cc: [],
  bcc: [],
});

describe('HubSpot stand-in: activities (HubSpot docs, notes, tasks and emails; OpenAPI emails.json)', () => {
  let hubspot: StandIn;
  before(async () => {
    hubspot = await StandIn.start();
  });
  after(() => hubspot.stop());

  // Type ids: HubSpot docs, association type ID values. A pair has one id per direction.
  const kinds = [
    { type: 'notes', word: 'hs_note_body', to: { contacts: 202, companies: 190, deals: 214 } },
    { type: 'tasks', word: 'hs_task_subject', to: { contacts: 204, companies: 192, deals: 216 } },
    { type: 'emails', word: 'hs_email_subject', to: { contacts: 198, companies: 186, deals: 210 } },
  ];
  for (const { type, word, to } of kinds) {
    it(`${type}: created with associations, updated, read in batches, found, archived`, async () => {
      const targets = await Promise.all(Object.keys(to).map((kind) => hubspot.create(kind, {})));
      const associations = Object.values(to).map((associationTypeId, at) => ({
        to: { id: targets[at] },
        types: [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId }],
      }));
      const properties = { ...stamp, [word]: `Word ${type}` };
      const made = await hubspot.call('POST', `${base}/${type}`, { properties, associations });
      assert.equal(made.status, 201, JSON.stringify(made.body));
      const { id } = made.body;
      const read = await hubspot.call('GET', `${base}/${type}/${id}?associations=contacts,companies,deals`);
      const peers = Object.keys(to).map((kind) => read.body.associations[kind].results[0].id);
      assert.deepEqual(peers, targets);
      const back = await hubspot.call('GET', `${base}/deals/${targets[2]}?associations=${type}`);
      assert.deepEqual(back.body.associations[type].results, [{ id, type: `deal_to_${type.slice(0, -1)}` }]);

      await hubspot.call('PATCH', `${base}/${type}/${id}`, { properties: { [word]: `Other ${type}` } });
      const many = await hubspot.call('POST', `${base}/${type}/batch/read`, { inputs: [{ id }], properties: [word] });
      assert.equal(many.body.results[0].properties[word], `Other ${type}`);
      assert.ok(many.body.results[0].properties.hs_createdate && many.body.results[0].properties.hs_lastmodifieddate);
      hubspot.context.clock.advance(1000);
      const filters = [{ propertyName: 'hs_timestamp', operator: 'GTE', value: String(Date.UTC(2026, 10, 20)) }];
      const found = await hubspot.call('POST', `${base}/${type}/search`, {
        query: 'other',
        filterGroups: [{ filters }],
      });
      assert.deepEqual(
        found.body.results.map((one: { id: string }) => one.id),
        [id],
      );
      assert.equal((await hubspot.call('POST', `${base}/${type}/batch/archive`, { inputs: [{ id }] })).status, 204);
      assert.equal((await hubspot.call('GET', `${base}/${type}/${id}`)).status, 404);
      assert.equal((await hubspot.call('GET', `${base}/${type}/${id}?archived=true`)).body.archived, true);
    });

    it(`${type}: hs_timestamp is required`, async () => {
      const { status, body } = await hubspot.call('POST', `${base}/${type}`, { properties: { [word]: 'x' } });
      assert.equal(status, 400);
      assert.deepEqual(body.errors[0].context.properties, ['hs_timestamp']);
    });
  }

  it('reads sender and recipients out of the headers, and lets nobody write them (HubSpot docs, emails)', async () => {
    const id = await hubspot.create('emails', {
      ...stamp,
      hs_email_headers: headers,
      hs_email_direction: 'EMAIL',
      hs_email_status: 'SENT',
      hs_email_message_id: '<1@mail.example>',
    });
    const names =
      'hs_email_from_email,hs_email_from_firstname,hs_email_to_email,hs_email_to_firstname,hs_email_cc_email';
    const { body } = await hubspot.call('GET', `${base}/emails/${id}?properties=${names},hs_email_message_id`);
    const { hs_createdate: _, hs_lastmodifieddate: __, hs_object_id: ___, ...shown } = body.properties;
    assert.deepEqual(shown, {
      hs_email_from_email: 'ada@rep.example',
      hs_email_from_firstname: 'Ada',
      hs_email_to_email: 'cleo@northwind.example;bo@northwind.example',
      hs_email_to_firstname: 'Cleo',
      hs_email_cc_email: null,
      hs_email_message_id: '<1@mail.example>',
    });
    const refused = (properties: Record<string, string>) =>
      hubspot.call('PATCH', `${base}/emails/${id}`, { properties });
    assert.equal((await refused({ hs_email_from_email: 'x@y.example' })).body.errors[0].code, 'READ_ONLY_VALUE');
    assert.equal((await refused({ hs_email_direction: 'OUT' })).body.errors[0].code, 'INVALID_OPTION');
    assert.equal((await refused({ hs_email_headers: 'From: me' })).status, 400);
  });

  it('two e-mails may have one message id: nothing but the reader keeps them apart', async () => {
    const mail = { ...stamp, hs_email_message_id: '<same@mail.example>' };
    assert.notEqual(await hubspot.create('emails', mail), await hubspot.create('emails', mail));
  });

  it('says when a task was done', async () => {
    const id = await hubspot.create('tasks', { ...stamp, hs_task_status: 'NOT_STARTED' });
    const done = async () =>
      (await hubspot.call('GET', `${base}/tasks/${id}?properties=hs_task_is_completed,hs_task_completion_date`)).body
        .properties;
    assert.deepEqual([(await done()).hs_task_is_completed, (await done()).hs_task_completion_date], ['false', null]);
    await hubspot.call('PATCH', `${base}/tasks/${id}`, { properties: { hs_task_status: 'COMPLETED' } });
    const after = await done();
    assert.equal(after.hs_task_is_completed, 'true');
    assert.equal(after.hs_task_completion_date, after.hs_lastmodifieddate);
  });

  it('an app with the contacts’ scopes reads and writes them', async () => {
    const id = await hubspot.create('emails', stamp, await hubspot.appToken());
    assert.equal((await hubspot.call('GET', `${base}/emails/${id}`, undefined, await hubspot.appToken())).status, 200);
  });
});

describe('HubSpot stand-in: events of activities (HubSpot docs, webhooks)', () => {
  it('come where they are subscribed, never with an e-mail’s subject or body', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'activities-'));
    const put = (kind: string, config: unknown): void => {
      mkdirSync(join(folder, 'src/app', kind), { recursive: true });
      const body = { uid: kind, type: kind, config };
      writeFileSync(join(folder, 'src/app', kind, `${kind}-hsmeta.json`), JSON.stringify(body));
    };
    put('app', { auth: { redirectUrls: [], requiredScopes: ['crm.objects.contacts.write'], optionalScopes: [] } });
    put('webhooks', {
      settings: { targetUrl: '${HUB_URL}/webhooks/hubspot', maxConcurrentRequests: 10 },
      subscriptions: {
        crmObjects: ['creation', 'propertyChange', 'deletion'].map((kind) => ({
          subscriptionType: `object.${kind}`,
          objectType: 'email',
          active: true,
        })),
        legacyCrmObjects: [],
        hubEvents: [],
      },
    });
    const hubspot = await StandIn.start(() => ({ project: folder }));
    try {
      const id = await hubspot.create('emails', {
        ...stamp,
        hs_email_subject: 'Secret',
        hs_email_html: '<p>Secret</p>',
        hs_email_status: 'SENT',
      });
      await hubspot.call('DELETE', `${base}/emails/${id}`);
      await until(() => hubspot.events('object.deletion').length === 1);
      assert.deepEqual(
        hubspot.events('object.propertyChange').map((one) => one['propertyName']),
        ['hs_timestamp', 'hs_email_status'],
      );
      assert.ok(!hubspot.received.some(({ body }) => body.includes('Secret')));
    } finally {
      await hubspot.stop();
      rmSync(folder, { recursive: true });
    }
  });
});
