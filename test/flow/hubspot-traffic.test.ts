import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { stringify } from 'yaml';
import { readConfig } from '../../hub/config.ts';
import { startHub, type Hub } from '../../hub/main.ts';
import type { ViewAnswer } from '../../hub/view/read-deal-view.ts';
import { sandboxTenants } from '../../scripts/sandbox-environment.ts';
import { cardFetch, portalIds } from '../kit/card-fetch.ts';
import { eventually } from '../kit/eventually.ts';
import { OpenApi } from '../kit/openapi.ts';
import { PairSupply } from '../kit/pairs.ts';
import { emptyTables } from '../kit/postgres.ts';
import { RecordingProxy } from '../kit/recording-proxy.ts';
import type { House } from '../kit/house.ts';
import { secondTenant } from '../kit/second-tenant.ts';
import { startHouse } from '../kit/start-house.ts';

const specs = join(resolve(process.env['SPECS_DIR'] ?? '../shared/specs'), 'hubspot', '2026-03');

describe('flow: what passes between the hub and the vendors', () => {
  let house: House;
  let hub: Hub | undefined;
  let isUntouched: () => Promise<void>;
  const proxies: RecordingProxy[] = [];
  before(async function () {
    this.timeout(60_000);
    house = await startHouse({ confirmed: false });
    isUntouched = await secondTenant(house);
  });
  afterEach(async () => {
    await isUntouched();
    await hub?.stop();
    hub = undefined;
    await Promise.all(proxies.splice(0).map((proxy) => proxy.stop()));
  });
  after(async function () {
    this.timeout(20_000);
    await house?.stop();
  });

  /** The hub starts afresh, on empty tables, with recorders before both CRMs. */
  const startRecorded = async (
    host: '127.0.0.1' | '0.0.0.0',
  ): Promise<Record<'hubspot' | 'salesforce', RecordingProxy>> => {
    await house.stopHub();
    await emptyTables(house.database);
    const file = house.env['PROVISION_FILE'] ?? '';
    writeFileSync(file, stringify(sandboxTenants(true)));
    assert.match(readFileSync(file, 'utf8'), /confirmed: true/);
    const hubspot = await RecordingProxy.before(house.urls.hubspot, host);
    const salesforce = await RecordingProxy.before(house.urls.salesforce, host);
    proxies.push(hubspot, salesforce);
    const pubsub = new URL(house.env['SALESFORCE_PUBSUB_URL'] ?? '');
    pubsub.hostname = host;
    const env = {
      ...house.env,
      HUBSPOT_BASE_URL: hubspot.url,
      SALESFORCE_LOGIN_URL: salesforce.url,
      SALESFORCE_PUBSUB_URL: pubsub.href,
    };
    hub = await startHub(readConfig(env));
    return { hubspot, salesforce };
  };
  const states = async (): Promise<Set<string>> =>
    new Set((await house.status()).tenants.flatMap(({ installations }) => installations.map(({ state }) => state)));

  /** Until both tenants are read whole. */
  const read = (): Promise<void> =>
    eventually(async () => {
      const { tenants } = await house.status();
      assert.ok(tenants.every(({ status }) => (status.records['deal'] ?? 0) >= 60 && status.inboxWaiting === 0));
    }, 30_000);

  it('an account that only observes is read, and nothing is written to it', async () => {
    await read();
    assert.deepEqual(await states(), new Set(['observing']));
    assert.deepEqual(await house.sql('select from write'), []);
  }).timeout(40_000);

  it('at a real address a confirmation in the file is not believed: 0 writes, whatever happens', async () => {
    const before = await house.content('a');
    const recorders = await startRecorded('0.0.0.0');
    await read();
    assert.deepEqual(await states(), new Set(['observing']));
    assert.deepEqual(await house.content('a'), before);

    const [deal] = await house.people.a.hubspot.list('deals', ['dealname']);
    assert.ok(deal);
    await house.people.a.hubspot.update('deals', deal.id, { dealstage: 'closedlost' });
    await house.people.a.hubspot.update('deals', deal.id, { dealstage: 'qualifiedtobuy' });
    await eventually(async () => {
      const rows = await house.sql(
        `select from record r join link l on l.record_id = r.id where l.external_id = $1 and r.fields->>'stage' = 'qualifiedtobuy'`,
        [deal.id],
      );
      assert.equal(rows.length, 1, 'it is heard');
    });
    const click = { objectId: deal.id, clickId: randomUUID() };
    const { body } = await cardFetch(house, portalIds.a, '/cards/research', click);
    const answer = body as ViewAnswer;
    assert.ok(answer.status === 'ok');
    assert.deepEqual([answer.view.researchRefused, answer.view.canStartResearch], ['observing', false]);
    const step = await house.people.a.hubspot.enrol(deal.id);
    assert.deepEqual(step.outputFields, { hs_execution_state: 'FAIL_CONTINUE', reason: 'observing' });
    assert.deepEqual(await house.sql('select from run'), [], 'neither stage nor click nor step starts research');
    for (const installation of ['hubspot-a', 'salesforce-a'])
      for (const lane of ['deliver', 'poll'] as const) await house.look(installation, lane);
    await house.quiet();

    for (const [vendor, recorder] of Object.entries(recorders)) {
      assert.ok(recorder.exchanges.length > 10, `${vendor} is read through its recorder`);
      assert.deepEqual(recorder.writes(), [], vendor);
    }
    assert.deepEqual(await house.sql('select from write'), []);
  }).timeout(60_000);

  it('HubSpot’s side of a first sync, edits and a report fits the OpenAPI files, both directions', async function () {
    if (!existsSync(specs)) this.skip();
    const { hubspot } = await startRecorded('127.0.0.1');
    await eventually(async () => assert.deepEqual(await states(), new Set(['writing'])), 30_000);
    await house.quiet(30_000);
    // The confirmed first sync has filled both tenants' CRMs; what follows is the first one's alone.
    isUntouched = await secondTenant(house);
    const person = house.people.a;
    const supply = new PairSupply(() => house);
    const [deal, contact] = [await supply.take('deal'), await supply.take('contact')];
    await person.salesforce.update('Opportunity', deal.salesforce, { NextStep: 'Fits', StageName: 'Closed Won' });
    await person.salesforce.update('Contact', contact.salesforce, { Title: 'Fits, too' });
    const company = await person.salesforce.create('Account', { Name: 'Traffic Ltd', Website: 'traffic.example' });
    const made = { Name: 'Traffic deal', AccountId: company, StageName: 'Prospecting', CloseDate: '2027-01-31' };
    await person.salesforce.create('Opportunity', made);
    await cardFetch(house, portalIds.a, '/cards/research', { objectId: deal.hubspot, clickId: randomUUID() });
    await house.quiet(30_000);

    const seen = new Set(
      hubspot.exchanges.map(({ method, path }) => `${method} ${path.split('/').slice(-2).join('/')}`),
    );
    for (const call of ['POST batch/upsert', 'POST batch/update', 'POST batch/read', 'POST 2026-09/token'])
      assert.ok(seen.has(call), `${call} passed`);
    assert.ok(
      hubspot.exchanges.some(({ path }) => /\/notes\/batch\/(create|upsert)$/.test(path)),
      'the report passed',
    );
    const openApi = new OpenApi(specs);
    // So that the judge is known to judge.
    const batch = hubspot.exchanges.find(({ path, status }) => path.endsWith('/contacts/batch/read') && status === 200);
    assert.ok(batch);
    for (const wrong of [
      { request: { ...(batch.request as object), stray: 1 } },
      { request: { ...(batch.request as object), inputs: [1] } },
      { request: undefined },
      { query: new URLSearchParams({ stray: '1' }) },
      { response: { ...(batch.response as object), results: [{ id: 1 }] } },
      { status: 299 },
      { path: '/crm/objects/2026-03/contacts/batch/guess' },
    ])
      assert.notDeepEqual(
        openApi.faultsOf({ ...batch, ...wrong }, wrong.path ?? '/crm/objects/2026-03/contacts/batch/read'),
        [],
        JSON.stringify(wrong),
      );
    const faults = new Set(
      hubspot.exchanges.flatMap((exchange) =>
        openApi
          .faultsOf(exchange, exchange.path.replace('2026-09', '2026-03'))
          .map(
            (fault) => `${exchange.method} ${exchange.path.replaceAll(/\d{6,}/g, '{id}')} ${exchange.status} ${fault}`,
          ),
      ),
    );
    assert.deepEqual([...faults].slice(0, 20), []);
  }).timeout(90_000);
});
