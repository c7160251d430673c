import assert from 'node:assert/strict';
import { orgA, startTiny, type Tiny } from '../start-tiny.ts';

const firstOf = (entry: Entry | undefined): { errorCode: string; message: string } | undefined =>
  (entry?.body as unknown as { errorCode: string; message: string }[] | undefined)?.[0];

interface Entry {
  body: never;
  httpHeaders: Record<string, string>;
  httpStatusCode: number;
  referenceId: string | null;
}

const base = '/services/data/v67.0';

describe('composite requests of the Salesforce stand-in', () => {
  let tiny: Tiny;
  let hub: string;

  async function composite(compositeRequest: unknown[], allOrNone = false): Promise<Entry[]> {
    const answer = await tiny.call(hub, 'POST', `${base}/composite`, { allOrNone, compositeRequest });
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
    return (answer.body as { compositeResponse: Entry[] }).compositeResponse;
  }
  const create = { method: 'POST', url: `${base}/sobjects/Account`, referenceId: 'acc', body: { Name: 'Comp' } };
  const countOf = async (name: string): Promise<number> => {
    const soql = encodeURIComponent(`SELECT COUNT() FROM Account WHERE Name = '${name}'`);
    return ((await tiny.call(hub, 'GET', `${base}/query?q=${soql}`)).body as { totalSize: number }).totalSize;
  };

  before(async () => {
    tiny = await startTiny();
    hub = await tiny.token(orgA.integration);
  });
  after(() => tiny.stop());

  it('lets later calls use answers of earlier ones, in one transaction', async () => {
    const before = tiny.transactions.length;
    const [made, child, read] = await composite([
      create,
      {
        method: 'POST',
        url: `${base}/sobjects/Contact`,
        referenceId: 'con',
        body: { LastName: 'C', AccountId: '@{acc.id}' },
      },
      {
        method: 'GET',
        url: `${base}/query?q=SELECT Id, Account.Name FROM Contact WHERE Id = '@{con.id}'`,
        referenceId: 'q',
      },
    ]);
    assert.deepEqual([made?.httpStatusCode, child?.httpStatusCode, read?.httpStatusCode], [201, 201, 200]);
    assert.match(made?.httpHeaders['Location'] ?? '', /\/sobjects\/Account\/001/);
    const page = read?.body as unknown as { records: { Account: { Name: string } }[] };
    assert.equal(page.records[0]?.Account.Name, 'Comp');
    assert.equal(tiny.transactions.length, before + 1);
    assert.deepEqual(
      tiny.transactions.at(-1)?.map((change) => [change.entity, change.sequenceNumber]),
      [
        ['Account', 1],
        ['Contact', 2],
      ],
    );
  });

  it('takes all back with allOrNone', async () => {
    const [made, bad] = await composite(
      [
        { ...create, body: { Name: 'Undone' } },
        { method: 'POST', url: `${base}/sobjects/Contact`, referenceId: 'con', body: {} },
      ],
      true,
    );
    assert.equal(firstOf(made)?.errorCode, 'PROCESSING_HALTED');
    assert.equal(firstOf(bad)?.errorCode, 'REQUIRED_FIELD_MISSING');
    assert.equal(await countOf('Undone'), 0);
  });

  // Recorded: CumulusCI, composite-errors cassette.
  it('answers NOT_FOUND for an unknown object in its place', async () => {
    const [entry] = await composite([{ referenceId: 'r', method: 'GET', url: `${base}/sobjects/Foo` }]);
    assert.deepEqual(entry, {
      body: [{ errorCode: 'NOT_FOUND', message: 'The requested resource does not exist' }],
      httpHeaders: {},
      httpStatusCode: 404,
      referenceId: 'r',
    });
  });

  // guardian/support-service-lambdas pull 766 (limit) and 1512 (reference ids).
  it('refuses more than 25 calls and bad reference ids, in the body of a 200', async () => {
    const [many] = await composite(Array.from({ length: 26 }, (_, index) => ({ ...create, referenceId: `r${index}` })));
    assert.deepEqual([many?.httpStatusCode, many?.referenceId], [400, null]);
    const [bad] = await composite([{ ...create, referenceId: 'a-b' }]);
    assert.match(firstOf(bad)?.message ?? '', /Provided referenceId \('a-b'\)/);
  });

  it('halts a call whose reference has no value', async () => {
    const [entry] = await composite([{ method: 'GET', url: `${base}/sobjects/Account/@{none.id}`, referenceId: 'x' }]);
    assert.equal(firstOf(entry)?.errorCode, 'PROCESSING_HALTED');
  });
});
