import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { orgs } from '../../sandbox/seed/credentials.ts';
import { allRows } from '../kit/all-rows.ts';
import { cardFetch, portalIds } from '../kit/card-fetch.ts';
import { eventually } from '../kit/eventually.ts';
import { callAsHubspot, propertyChange } from '../kit/hubspot-app.ts';
import { LoggedHub } from '../kit/logged-hub.ts';
import { pairOf, PairSupply, type Pair } from '../kit/pairs.ts';
import { useHouse } from '../kit/use-house.ts';

/** Texts that name one person, in the form of each place where they stand. None may be left. */
const canaries = {
  email: 'kanarina.vogelsang@canary.example',
  earlierEmail: 'k.vogelsang@earlier-canary.example',
  phone: '+49 151 5550 4711',
  earlierPhone: '+49 151 5550 4712',
  firstname: 'Kanarina',
  lastname: 'Vogelsang',
  jobtitle: 'Chief Canary Keeper',
} as const;

describe('flow: erasure, and what the log says', () => {
  const house = useHouse();
  const supply = new PairSupply(house);
  let hub: LoggedHub;
  let person: Pair;
  let deal: Pair;
  let reportId: string;

  before(async function () {
    this.timeout(60_000);
    hub = await LoggedHub.instead(house());
  });
  after(async function () {
    this.timeout(20_000);
    await hub?.stop();
  });

  /** Rows of the database that hold a canary. */
  const hits = async (): Promise<string[]> => {
    const texts = Object.values(canaries).map((text) => text.toLowerCase());
    const rows = await allRows(house());
    return rows.filter((row) => texts.some((text) => row.toLowerCase().includes(text)));
  };
  const tables = async (): Promise<Set<string>> => new Set((await hits()).map((row) => row.slice(7, row.indexOf(':'))));

  it('a person leaves marks everywhere', async () => {
    const { hubspot, salesforce } = house().people.a;
    deal = await supply.take('deal');
    const { email, phone, firstname, lastname, jobtitle, earlierEmail, earlierPhone } = canaries;
    const whole = `${firstname} ${lastname}`;
    const id = await hubspot.create('contacts', { email: earlierEmail, phone: earlierPhone, firstname, lastname });
    await hubspot.associate('deals', deal.hubspot, 'contacts', id);
    person = await pairOf(house(), 'contact', { hubspot: id });
    // An event whose value was overwritten before it was read, a value that Salesforce refuses, and an edit there.
    await house().arm('hubspot', { name: 'webhook.delay', params: { delay_ms: 700 }, match: { objectId: id } });
    await hubspot.update('contacts', id, { email });
    await hubspot.update('contacts', id, { phone });
    await hubspot.update('contacts', id, { jobtitle: `${jobtitle} `.repeat(10) });
    await salesforce.update('Contact', person.salesforce, { Phone: phone });
    await house().quiet();
    await hubspot.update('deals', deal.hubspot, { hs_next_step: `Call ${whole}, ${email}` });
    await hubspot.update('deals', deal.hubspot, { hs_next_step: 'Call them' });
    const click = { objectId: deal.hubspot, clickId: randomUUID() };
    await cardFetch(house(), portalIds.a, '/cards/research', click);
    await eventually(async () => {
      const [run] = await house().sql<{ state: string }>('select state from run where record_id = $1', [deal.recordId]);
      assert.equal(run?.state, 'succeeded');
    }, 15_000);
    await house().quiet();
    // As a company's page that presents its people would have it.
    await house().sql(
      `update run set result = jsonb_set(result, '{summary}', to_jsonb($2::text)) where record_id = $1`,
      [deal.recordId, `Led by ${whole} (${email}).`],
    );
    const [report] = await house().sql<{ id: string }>(
      `update record set fields = fields || $1::jsonb where kind = 'research_report' and fields->>'deal' = $2 returning id`,
      [JSON.stringify({ summary: `Led by ${whole}.` }), deal.recordId],
    );
    assert.ok(report);
    reportId = report.id;
    const waiting = propertyChange({
      eventId: 301,
      objectTypeId: '0-1',
      objectId: Number(id),
      propertyName: 'email',
      propertyValue: email,
    });
    await callAsHubspot('POST', `${house().urls.hub}/webhooks/hubspot`, JSON.stringify([waiting]));
    const found = await tables();
    for (const table of ['record', 'match_key', 'link', 'write', 'change', 'parked', 'run', 'inbox'])
      assert.ok(found.has(table), `${table} holds a canary, so that the search is known to find`);
  }).timeout(60_000);

  it('HubSpot’s privacy deletion removes them from every table', async () => {
    await house().people.a.hubspot.call('POST', '/crm/objects/2026-09/contacts/gdpr-delete', {
      objectId: person.hubspot,
    });
    await eventually(async () => assert.deepEqual(await hits(), []), 15_000);
    const [audit] = await house().sql<{ actor: string; detail: object }>(
      `select actor, detail from audit where action = 'contact.erase' and subject = $1`,
      [person.recordId],
    );
    assert.deepEqual(audit, { actor: 'person', detail: { vendor: 'hubspot' } });
    const kept = await house().sql<{ fields: object }>('select fields from record where id = $1', [person.recordId]);
    assert.deepEqual(kept, [{ fields: {} }]);
  }).timeout(30_000);

  it('and from our own report, here and in the CRM', async () => {
    await eventually(async () => {
      const [report] = await house().people.a.salesforce.query<{ Summary__c: string }>(
        `SELECT Summary__c FROM Research_Report__c WHERE Rapport_Id__c = '${reportId}'`,
      );
      assert.equal(report?.Summary__c, 'Led by [erased].');
    }, 15_000);
    await house().quiet();
    assert.deepEqual(await hits(), []);
  }).timeout(30_000);

  it('nothing that comes late brings them back', async () => {
    const { salesforce } = house().people.a;
    const late = ['email', 'firstname', 'phone'].map((propertyName, index) =>
      propertyChange({
        eventId: 310 + index,
        objectTypeId: '0-1',
        objectId: Number(person.hubspot),
        propertyName,
        propertyValue: canaries[propertyName as 'email'],
      }),
    );
    const body = JSON.stringify(late);
    assert.equal((await callAsHubspot('POST', `${house().urls.hub}/webhooks/hubspot`, body)).status, 200);
    await salesforce.update('Contact', person.salesforce, { Title: canaries.jobtitle });
    await house().quiet();
    for (const installation of ['hubspot-a', 'salesforce-a']) await house().look(installation, 'poll');
    await house().quiet();
    const links = await house().sql('select id from link where external_id in ($1, $2)', [
      person.hubspot,
      person.salesforce,
    ]);
    assert.deepEqual(links, []);
    await eventually(async () => assert.deepEqual(await hits(), []));
  }).timeout(30_000);

  it('the log of all this, faults included, holds nobody’s data and no token', async () => {
    const { hubspot, salesforce } = house().people.a;
    const other = await supply.take('contact');
    const row = await hubspot.read('contacts', other.hubspot, ['email', 'firstname', 'lastname', 'phone']);
    const { email, firstname, lastname, phone } = row.properties;
    const quoted = `Email address ${email} of ${firstname} ${lastname} is not valid`;
    await house().arm(
      'hubspot',
      { name: 'api.status', params: { status: 400, body: { status: 'error', message: quoted } }, times: 2 },
      { name: 'api.status', params: { status: 500, body: { status: 'error', message: quoted } }, times: 2 },
    );
    await house().arm('salesforce', {
      name: 'api.status',
      times: 3,
      match: { client: orgs[0].integration.clientId },
      params: { status: 400, errorCode: 'FIELD_CUSTOM_VALIDATION_EXCEPTION', message: quoted },
    });
    await hubspot.update('contacts', other.hubspot, { jobtitle: 'Read by nobody' });
    await salesforce.update('Contact', other.salesforce, { FirstName: 'Kanarina' });
    await house().sql(`alter table change add constraint no_canary check (after::text not like '%Canary Keeper%')`);
    await hubspot.update('contacts', other.hubspot, { jobtitle: canaries.jobtitle });
    await eventually(() => assert.match(hub.log, /a row could not be taken in/), 30_000);
    await house().sql('alter table change drop constraint no_canary');
    await callAsHubspot('POST', `${house().urls.hub}/webhooks/hubspot`, `[{"email":"${email}"`);
    await house().quiet(45_000);
    assert.match(hub.log, /rows could not be read/);
    assert.ok(hub.log.length > 300, 'it had something to say');

    const told = hub.log.toLowerCase();
    const people = [...(await hubspot.list('contacts', ['email', 'phone', 'firstname', 'lastname']))];
    const texts = new Set([
      ...Object.values(canaries),
      ...people.flatMap(({ properties }) => [
        properties['email'],
        properties['phone'],
        `${properties['firstname']} ${properties['lastname']}`,
      ]),
      phone,
      ...Object.values(house().env).filter((value) => /secret|refresh|[0-9a-f]{8}-[0-9a-f]{4}/.test(value)),
    ]);
    const leaked = [...texts].filter((text) => text && text.length > 4 && told.includes(text.toLowerCase()));
    assert.deepEqual(leaked, [], hub.log.slice(0, 4_000));
  }).timeout(100_000);
});
