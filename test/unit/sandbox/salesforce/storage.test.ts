import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Clock } from '../../../../sandbox/kit/clock.ts';
import { Faults } from '../../../../sandbox/kit/faults.ts';
import { Storage } from '../../../../sandbox/kit/storage.ts';
import { ModstampIndex } from '../../../../sandbox/salesforce/org/modstamp-index.ts';
import { Org } from '../../../../sandbox/salesforce/org/org.ts';
import { startSalesforce } from '../../../../sandbox/salesforce/salesforce.ts';
import { longId } from '../../../../sandbox/salesforce/record-id.ts';
import { orgSchema, seededPackage } from '../../../../sandbox/salesforce/schema/org-schema.ts';
import { runQuery } from '../../../../sandbox/salesforce/soql/run-query.ts';
import { generateWorld } from '../../../../sandbox/seed/generate-world.ts';
import { orgA, orgB } from './start-tiny.ts';
import { tinyWorld } from './tiny-world.ts';

describe('rows of the Salesforce stand-in', () => {
  it('are found by SystemModstamp in order, each once, also after the clock was set back', () => {
    const index = new ModstampIndex();
    index.set('a', '10');
    index.set('b', '20');
    index.set('c', '30');
    index.set('a', '40');
    index.set('d', '15');
    index.remove('c');
    assert.deepEqual([...index.between(undefined, undefined)], ['d', 'b', 'a']);
    assert.deepEqual([...index.between('15', '20')], ['d', 'b']);
    assert.deepEqual([...index.between('41', undefined)], []);
    for (let turn = 0; turn < 5000; turn += 1) index.set('a', String(10_000 + turn).padStart(6, '9'));
    assert.deepEqual([...index.between('910050', undefined)], ['a']);
  });

  it('survive a restart, with their ids going on', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'salesforce-'));
    const path = join(folder, 'salesforce.sqlite');
    const context = {
      port: 0,
      host: '127.0.0.1',
      clock: new Clock(),
      faults: new Faults(),
      world: tinyWorld,
      hubUrl: '',
    };
    async function during<T>(work: (base: string, token: string) => Promise<T>): Promise<T> {
      const storage = new Storage(path);
      const salesforce = await startSalesforce({ ...context, storage }, { feed: { publish: () => undefined } });
      salesforce.seed();
      const base = `http://127.0.0.1:${salesforce.port}`;
      const body = new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: 'sandbox',
        client_secret: 'sandbox',
      });
      const answer = await fetch(`${base}/services/oauth2/token`, { method: 'POST', body });
      const { access_token: token } = (await answer.json()) as { access_token: string };
      try {
        return await work(base, token);
      } finally {
        await salesforce.stop();
        storage.close();
      }
    }
    async function call(base: string, token: string, rest: string, body?: unknown): Promise<Record<string, unknown>> {
      const answer = await fetch(`${base}/services/data/v67.0${rest}`, {
        method: body ? 'POST' : 'GET',
        headers: { authorization: `Bearer ${token}` },
        ...(body ? { body: JSON.stringify(body) } : {}),
      });
      return (await answer.json()) as Record<string, unknown>;
    }
    try {
      const [first, oldToken] = await during(async (base, token) => [
        (await call(base, token, '/sobjects/Account', { Name: 'Kept' }))['id'],
        token,
      ]);
      await during(async (base) => {
        const page = await call(
          base,
          oldToken,
          `/query?q=${encodeURIComponent("SELECT Id FROM Account WHERE Name = 'Kept'")}`,
        );
        assert.deepEqual(
          (page['records'] as { Id: string }[]).map((row) => row.Id),
          [first],
        );
        const second = (await call(base, oldToken, '/sobjects/Account', { Name: 'Next' }))['id'];
        assert.ok(String(second) > String(first));
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('hold the generated world: accounts, contacts, deals with roles and a last touch, the same in two runs', async () => {
    const world = generateWorld(7);
    async function countAll(): Promise<unknown> {
      const storage = new Storage(':memory:');
      const salesforce = await startSalesforce(
        { port: 0, host: '127.0.0.1', storage, clock: new Clock(), faults: new Faults(), world, hubUrl: '' },
        { feed: { publish: () => assert.fail('seeding publishes nothing') } },
      );
      salesforce.seed();
      await salesforce.stop();
      const counts = [orgA.orgId, orgB.orgId].map((orgId) => {
        const org = new Org(orgId, orgSchema(seededPackage), storage);
        const context = { org, now_ms: Date.now(), withDeleted: false };
        return ['Account', 'Contact', 'Opportunity', 'OpportunityContactRole', 'User'].map(
          (type) => runQuery(context, `SELECT COUNT() FROM ${type}`).rows.length,
        );
      });
      const org = new Org(orgA.orgId, orgSchema(seededPackage), storage);
      const deals = runQuery({ org, now_ms: 0, withDeleted: false }, 'SELECT Id FROM Opportunity ORDER BY Id').rows;
      assert.ok(deals.every((deal) => deal['LastActivityDate'] && deal['StageName'] && deal['AccountId']));
      storage.close();
      return { counts, deals: deals.map((deal) => [deal.Id, deal['Name'], deal['StageName']]) };
    }
    const first = await countAll();
    assert.deepEqual(await countAll(), first);
    const [tenant] = world.tenants;
    const copies = tenant?.deals.reduce((sum, deal) => sum + deal.presence.salesforce, 0);
    assert.equal((first as { counts: number[][] }).counts[0]?.[2], copies);
  });

  it('are found among 300,000 contacts by id, external id and SystemModstamp without a scan', function () {
    this.timeout(60_000);
    const storage = new Storage(':memory:');
    const org = new Org(orgA.orgId, orgSchema(seededPackage), storage);
    const contacts = org.schema.entity('Contact');
    assert.ok(contacts);
    const store = org.rows(contacts);
    const start_ms = Date.parse('2026-01-01T00:00:00Z');
    const rows = 300_000;
    for (let serial = 0; serial < rows; serial += 1) {
      const stamp = `${new Date(start_ms + serial * 1000).toISOString().slice(0, 19)}.000+0000`;
      const Id = longId(`003${String(serial).padStart(12, '0')}`);
      store.put({ Id, LastName: `L${serial}`, Rapport_Id__c: `r-${serial}`, SystemModstamp: stamp });
    }
    const context = { org, now_ms: start_ms, withDeleted: false };
    const id = longId('003000000200000');
    const queries: [soql: string, found: number][] = [
      [`SELECT Id FROM Contact WHERE Id IN ('${id}')`, 1],
      ["SELECT Id FROM Contact WHERE Rapport_Id__c IN ('R-5', 'r-299999', 'none')", 2],
      ['SELECT Id FROM Contact WHERE SystemModstamp > 2026-01-04T11:19:49Z ORDER BY SystemModstamp, Id LIMIT 200', 10],
    ];
    const began = performance.now();
    for (let turn = 0; turn < 20; turn += 1) {
      for (const [soql, found] of queries) assert.equal(runQuery(context, soql).rows.length, found, soql);
    }
    // One scan of 300,000 rows takes tens of milliseconds; sixty would take seconds.
    assert.ok(performance.now() - began < 1000);
    storage.clear();
    storage.close();
  });
});
