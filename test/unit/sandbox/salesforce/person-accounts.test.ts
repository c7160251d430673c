import assert from 'node:assert/strict';
import type { RowChange } from '../../../../sandbox/salesforce/row-change.ts';
import { orgA, orgB, startTiny, type Tiny } from './start-tiny.ts';

const base = '/services/data/v67.0';
type Rec = Record<string, unknown>;

describe('person accounts in the Salesforce stand-in (SOAP API guide, Person Account Record Types)', () => {
  let tiny: Tiny;
  let token: string;
  beforeEach(async () => {
    tiny = await startTiny();
    token = await tiny.token(orgA.integration);
  });
  afterEach(() => tiny.stop());

  const enable = () => tiny.call(token, 'POST', '/_sandbox/person-accounts', { orgId: orgA.orgId });
  const last = (): RowChange[] => tiny.transactions.at(-1) ?? [];
  const get = async (path: string, as = token) => tiny.call(as, 'GET', base + path);
  const query = (soql: string) => get(`/query?q=${encodeURIComponent(soql)}`);
  const fieldsOf = async (type: string, as = token): Promise<string[]> =>
    ((await get(`/sobjects/${type}/describe`, as)).body as { fields: { name: string }[] }).fields.map(
      (one) => one.name,
    );

  it('do not exist until an admin switches them on, for this org alone', async () => {
    assert.ok(!(await fieldsOf('Account')).includes('IsPersonAccount'));
    const refused = await query('SELECT Id FROM Account WHERE IsPersonAccount = true');
    assert.equal((refused.body as { errorCode: string }[])[0]?.errorCode, 'INVALID_FIELD');
    const before = ((await query('SELECT Id FROM Account')).body as { totalSize: number }).totalSize;
    assert.equal((await enable()).status, 200);
    assert.ok((await fieldsOf('Account')).includes('PersonContactId'));
    assert.ok((await fieldsOf('Contact')).includes('IsPersonAccount'));
    assert.ok(!(await fieldsOf('Account', await tiny.token(orgB.integration))).includes('IsPersonAccount'));
    const business = await query('SELECT Id FROM Account WHERE IsPersonAccount = false');
    assert.equal((business.body as { totalSize: number }).totalSize, before, 'the rows that were there are firms');
    const names = tiny.salesforce.describe(orgA.orgId, 'Account')?.fields.map((one) => one.name);
    assert.ok(names?.includes('IsPersonAccount'), 'the event schema is made of these');
  });

  // Change Data Capture guide, change events for person accounts: each change is two events.
  it('an account with a last name is two rows, told as two changes, each time', async () => {
    await enable();
    const made = await tiny.call(token, 'POST', `${base}/sobjects/Account`, {
      FirstName: 'Ida',
      LastName: 'Stern',
      PersonEmail: 'ida@home.example',
    });
    assert.equal(made.status, 201, JSON.stringify(made.body));
    const { id } = made.body as { id: string };
    const account = (await get(`/sobjects/Account/${id}`)).body as Rec;
    assert.deepEqual([account['Name'], account['IsPersonAccount']], ['Ida Stern', true]);
    const contactId = String(account['PersonContactId']);
    const contact = (await get(`/sobjects/Contact/${contactId}`)).body as Rec;
    assert.deepEqual(
      [contact['AccountId'], contact['Email'], contact['IsPersonAccount'], contact['Name']],
      [id, 'ida@home.example', true, 'Ida Stern'],
    );
    const told = (changeType: string) => [
      ['Account', changeType, id],
      ['Contact', changeType, contactId],
    ];
    const seen = (): unknown[] => last().map((change) => [change.entity, change.changeType, change.recordId]);
    assert.deepEqual(seen(), told('CREATE'));
    await tiny.call(token, 'PATCH', `${base}/sobjects/Account/${id}`, { PersonEmail: 'stern@home.example' });
    assert.deepEqual(seen(), told('UPDATE'));
    assert.equal(((await get(`/sobjects/Contact/${contactId}`)).body as Rec)['Email'], 'stern@home.example');
    await tiny.call(token, 'PATCH', `${base}/sobjects/Contact/${contactId}`, { LastName: 'Stern-Roth' });
    assert.deepEqual(seen(), told('UPDATE').reverse());
    assert.equal(((await get(`/sobjects/Account/${id}`)).body as Rec)['Name'], 'Ida Stern-Roth');
    await tiny.call(token, 'DELETE', `${base}/sobjects/Account/${id}`);
    assert.deepEqual(seen(), told('DELETE'));
  });

  it('a firm is made by its name, as before', async () => {
    await enable();
    const made = await tiny.call(token, 'POST', `${base}/sobjects/Account`, { Name: 'Firm' });
    const account = (await get(`/sobjects/Account/${(made.body as { id: string }).id}`)).body as Rec;
    assert.deepEqual([account['IsPersonAccount'], account['PersonContactId']], [false, null]);
    assert.equal(last().length, 1);
  });
});
