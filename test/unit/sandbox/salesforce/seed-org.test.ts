import assert from 'node:assert/strict';
import { generateWorld } from '../../../../sandbox/seed/generate-world.ts';
import { orgA, startTiny, type Tiny } from './start-tiny.ts';

type Rec = Record<string, unknown>;

describe('what the Salesforce stand-in is seeded with', () => {
  const world = generateWorld(3);
  const [tenant] = world.tenants;
  let tiny: Tiny;
  let query: (soql: string) => Promise<Rec[]>;
  before(async () => {
    tiny = await startTiny({}, world);
    const token = await tiny.token(orgA.person);
    query = async (soql) => {
      const answer = await tiny.call(token, 'GET', `/services/data/v67.0/query?q=${encodeURIComponent(soql)}`);
      return (answer.body as { records: Rec[] }).records;
    };
  });
  after(() => tiny.stop());

  it('leads, one of them converted into its contact, which it left as it was', async () => {
    const leads = await query('SELECT Email, IsConverted, ConvertedContactId FROM Lead');
    assert.deepEqual(
      leads.map((one) => one['Email']),
      tenant?.leads.map((one) => one.email),
    );
    const converted = leads.filter((one) => one['IsConverted']);
    assert.equal(converted.length, 1);
    const [contact] = await query(
      `SELECT Email, LeadSource FROM Contact WHERE Id = '${String(converted[0]?.['ConvertedContactId'])}'`,
    );
    assert.deepEqual([contact?.['Email'], contact?.['LeadSource']], [converted[0]?.['Email'], null]);
    const copies = tenant?.contacts.reduce((sum, one) => sum + one.presence.salesforce, 0);
    assert.equal((await query('SELECT Id FROM Contact')).length, copies);
  });

  it('e-mails with their task each; the last touch of every deal is still its call', async () => {
    const mails = await query('SELECT MessageIdentifier, Activity.Subject FROM EmailMessage');
    assert.equal(mails.length, tenant?.mails.filter((one) => one.presence.salesforce > 0).length);
    assert.ok(mails.every((one) => String((one['Activity'] as Rec)['Subject']).startsWith('Email: ')));
    for (const deal of tenant?.deals.filter((one) => one.presence.salesforce > 0) ?? []) {
      const [row] = await query(
        `SELECT LastActivityDate FROM Opportunity WHERE Name = '${deal.name.replaceAll("'", "\\'")}' LIMIT 1`,
      );
      assert.equal(row?.['LastActivityDate'], deal.lastTouchAt.slice(0, 10), deal.name);
    }
    assert.deepEqual(tiny.transactions, []);
  });
});
