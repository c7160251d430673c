import assert from 'node:assert/strict';
import { orgA, startTiny, type Tiny } from '../start-tiny.ts';

interface Result {
  id?: string;
  success: boolean;
  created?: boolean;
  errors: { statusCode: string; message: string; fields: string[] }[];
}

const base = '/services/data/v67.0';
const account = { attributes: { type: 'Account' } };

describe('sObject collections of the Salesforce stand-in', () => {
  let tiny: Tiny;
  let hub: string;

  const results = async (method: string, path: string, body?: unknown): Promise<Result[]> =>
    (await tiny.call(hub, method, base + path, body)).body;
  const codes = (list: Result[]): (string | undefined)[] => list.map((one) => one.errors[0]?.statusCode);

  before(async () => {
    tiny = await startTiny();
    hub = await tiny.token(orgA.integration);
  });
  after(() => tiny.stop());

  it('updates row by row and says why one is refused', async () => {
    const [one, two] = await results('POST', '/composite/sobjects', {
      records: [
        { ...account, Name: 'One' },
        { ...account, Name: 'Two' },
      ],
    });
    const answer = await results('PATCH', '/composite/sobjects', {
      records: [
        { ...account, Id: one?.id, Name: 'One more' },
        { ...account, id: two?.id, Name: 'y'.repeat(300) },
        { ...account, Id: '001zzzzzzzzzzzzAAB', Name: 'x' },
        { ...account, Id: '001zzzzzzzzzzzz', Name: 'x' },
        { ...account, Name: 'x' },
      ],
    });
    assert.deepEqual(codes(answer), [
      undefined,
      'STRING_TOO_LONG',
      'MALFORMED_ID',
      'INVALID_CROSS_REFERENCE_KEY',
      'MISSING_ARGUMENT',
    ]);
  });

  it('refuses the whole request for an unknown column or a broken value', async () => {
    const bad = await tiny.call(hub, 'POST', `${base}/composite/sobjects`, {
      records: [
        { ...account, Name: 'fine' },
        { ...account, Name: 'x', Nope: 1 },
      ],
    });
    assert.deepEqual([bad.status, (bad.body as { errorCode: string }[])[0]?.errorCode], [400, 'INVALID_FIELD']);
    const count = await tiny.call(hub, 'GET', `${base}/query?q=SELECT+COUNT()+FROM+Account+WHERE+Name='fine'`);
    assert.equal((count.body as { totalSize: number }).totalSize, 0);
  });

  it('upserts by external id; the same id twice in one request is refused for both', async () => {
    const key = 'Rapport_Id__c';
    const answer = await results('PATCH', `/composite/sobjects/Account/${key}`, {
      records: [
        { ...account, [key]: 'u1', Name: 'U1' },
        { ...account, [key]: 'u2', Name: 'U2' },
        { ...account, [key]: 'U2', Name: 'U2 again' },
        { ...account, Name: 'no key' },
      ],
    });
    assert.deepEqual(codes(answer), [undefined, 'DUPLICATE_VALUE', 'DUPLICATE_VALUE', 'MISSING_ARGUMENT']);
    assert.equal(answer[0]?.created, true);
  });

  // Recorded answer: CumulusCI, rest-upsert-duplicate-error cassette (upsert by Id with null creates).
  it('upserts by Id: null creates, an id updates', async () => {
    const [made] = await results('PATCH', '/composite/sobjects/Account/Id', {
      allOrNone: false,
      records: [{ Name: 'By id', Id: null, ...account }],
    });
    assert.equal(made?.created, true);
    const [changed] = await results('PATCH', '/composite/sobjects/Account/Id', {
      records: [{ Name: 'By id 2', Id: made?.id, ...account }],
    });
    assert.deepEqual([changed?.id, changed?.created], [made?.id, false]);
  });

  it('answers 300 with the rows when a non-unique key has several', async () => {
    const contact = { attributes: { type: 'Contact' }, LastName: 'Twin', Email: 'twin@x.example' };
    await results('POST', '/composite/sobjects', { records: [contact, contact] });
    const answer = await tiny.call(hub, 'PATCH', `${base}/sobjects/Contact/Email/twin@x.example`, { Title: 'x' });
    assert.equal(answer.status, 300);
    assert.equal((answer.body as string[]).length, 2);
    assert.match((answer.body as string[])[0] ?? '', /^\/services\/data\/v67\.0\/sobjects\/Contact\/003/);
  });

  it('names a parent by its external id', async () => {
    const key = 'Rapport_Id__c';
    await tiny.call(hub, 'PATCH', `${base}/sobjects/Account/${key}/parent-1`, { Name: 'Parent' });
    const [good, bad] = await results('POST', '/composite/sobjects', {
      records: [
        { attributes: { type: 'Contact' }, LastName: 'Child', Account: { [key]: 'parent-1' } },
        { attributes: { type: 'Contact' }, LastName: 'Orphan', Account: { [key]: 'parent-2' } },
      ],
    });
    const row = await tiny.call(hub, 'GET', `${base}/query?q=SELECT+Account.Name+FROM+Contact+WHERE+Id='${good?.id}'`);
    assert.equal((row.body as { records: { Account: { Name: string } }[] }).records[0]?.Account.Name, 'Parent');
    assert.match(bad?.errors[0]?.message ?? '', /Foreign key external ID: parent-2 not found/);
  });

  it('reads by GET and POST in the order of the ids, null for a missing one', async () => {
    const [one, two] = await results('POST', '/composite/sobjects', {
      records: [
        { ...account, Name: 'R1' },
        { ...account, Name: 'R2' },
      ],
    });
    const ids = [two?.id, '001zzzzzzzzzzzz', one?.id] as string[];
    const posted = await tiny.call(hub, 'POST', `${base}/composite/sobjects/Account`, { ids, fields: ['Name'] });
    const got = await tiny.call(hub, 'GET', `${base}/composite/sobjects/Account?ids=${ids.join(',')}&fields=Name`);
    assert.deepEqual(posted.body, got.body);
    assert.deepEqual(
      (got.body as ({ Name: string } | null)[]).map((row) => row?.Name ?? null),
      ['R2', null, 'R1'],
    );
  });

  it('deletes by ids and refuses more than 200', async () => {
    const [one] = await results('POST', '/composite/sobjects', { records: [{ ...account, Name: 'D' }] });
    assert.deepEqual(codes(await results('DELETE', `/composite/sobjects?ids=${one?.id},${one?.id}`)), [
      undefined,
      'ENTITY_IS_DELETED',
    ]);
    const many = Array.from({ length: 201 }, () => one?.id).join(',');
    const refused = await tiny.call(hub, 'DELETE', `${base}/composite/sobjects?ids=${many}`);
    assert.deepEqual(
      [refused.status, (refused.body as { errorCode: string }[])[0]?.errorCode],
      [400, 'EXCEEDED_ID_LIMIT'],
    );
  });
});
