import assert from 'node:assert/strict';
import { orgA, orgB, startTiny, type Tiny } from './start-tiny.ts';

const base = '/services/data/v67.0';

describe('limits and faults of the Salesforce stand-in', () => {
  let tiny: Tiny;
  let hub: string;
  let person: string;
  let accountId: string;

  const arm = (fault: unknown) => tiny.call('', 'POST', '/_sandbox/faults', { faults: [fault] });
  const codeOf = (body: unknown): string | undefined => (body as { errorCode: string }[])[0]?.errorCode;
  const get = (token: string) => tiny.call(token, 'GET', `${base}/sobjects/Account/${accountId}`);
  const rename = (token: string, Name: string) =>
    tiny.call(token, 'PATCH', `${base}/sobjects/Account/${accountId}`, { Name });
  const nameNow = async () => ((await get(person)).body as { Name: string }).Name;

  beforeEach(async () => {
    tiny = await startTiny();
    hub = await tiny.token(orgA.integration);
    person = await tiny.token(orgA.person);
    const { body } = await tiny.call(person, 'GET', `${base}/query?q=SELECT+Id+FROM+Account+LIMIT+1`);
    accountId = (body as { records: { Id: string }[] }).records[0]?.Id as string;
  });
  afterEach(() => tiny.stop());

  // REST API guide, Sforce-Limit-Info and status 403 REQUEST_LIMIT_EXCEEDED.
  it("counts the app's calls only and refuses it when they are used up; a person goes on", async () => {
    const used = (answer: { headers: Headers }) => answer.headers.get('sforce-limit-info');
    assert.equal(used(await get(person)), 'api-usage=0/100000');
    assert.equal(used(await get(hub)), 'api-usage=1/100000');
    assert.equal(used(await tiny.call(hub, 'GET', `${base}/nope`)), 'api-usage=2/100000');
    await tiny.call('', 'POST', '/_sandbox/limits', { orgId: orgA.orgId, dailyApiRequests: 3 });
    assert.equal((await get(hub)).status, 200);
    const refused = await get(hub);
    assert.deepEqual(
      [refused.status, refused.body],
      [403, [{ message: 'TotalRequests Limit exceeded.', errorCode: 'REQUEST_LIMIT_EXCEEDED' }]],
    );
    assert.equal((await get(person)).status, 200);
    assert.equal((await get(await tiny.token(orgB.integration))).status, 200);
    tiny.clock.advance(25 * 3_600_000);
    assert.equal((await get(await tiny.token(orgA.integration))).status, 200);
  });

  it('api.status refuses before anything is done', async () => {
    await arm({
      name: 'api.status',
      match: { method: 'PATCH' },
      params: { status: 503, errorCode: 'SERVER_UNAVAILABLE', message: 'busy' },
    });
    const answer = await rename(hub, 'New name');
    assert.deepEqual([answer.status, answer.body], [503, [{ message: 'busy', errorCode: 'SERVER_UNAVAILABLE' }]]);
    assert.notEqual(await nameNow(), 'New name');
    assert.equal((await rename(hub, 'New name')).status, 204);
  });

  it('api.timeout_after_commit commits and never answers', async () => {
    await arm({ name: 'api.timeout_after_commit', match: { client: orgA.integration.clientId } });
    await assert.rejects(rename(hub, 'Committed'));
    assert.equal(await nameNow(), 'Committed');
    assert.equal(tiny.transactions.length, 1);
  });

  it('api.accept_but_ignore answers 2xx and keeps the old value of one field', async () => {
    await arm({ name: 'api.accept_but_ignore', match: { entity: 'Account', field: 'Name' } });
    const before = await nameNow();
    const answer = await tiny.call(hub, 'PATCH', `${base}/sobjects/Account/${accountId}`, {
      Name: 'Ignored',
      Phone: '77',
    });
    assert.equal(answer.status, 204);
    const row = (await get(person)).body as { Name: string; Phone: string };
    assert.deepEqual([row.Name, row.Phone], [before, '77']);
  });

  it('api.row_lock refuses one row', async () => {
    await arm({ name: 'api.row_lock', match: { id: accountId } });
    const answer = await rename(hub, 'Locked');
    assert.deepEqual([answer.status, codeOf(answer.body)], [400, 'UNABLE_TO_LOCK_ROW']);
    assert.equal((await rename(hub, 'Free')).status, 204);
  });

  it('token.expire ends one session; the next token works', async () => {
    await arm({ name: 'token.expire', match: { client: orgA.integration.clientId } });
    assert.equal((await get(person)).status, 200);
    assert.deepEqual([(await get(hub)).status, (await get(hub)).status], [401, 401]);
    assert.equal((await get(await tiny.token(orgA.integration))).status, 200);
  });

  it('token.revoke shuts a client out until the faults are cleared', async () => {
    await arm({ name: 'token.revoke', match: { client: orgA.integration.clientId } });
    assert.equal(tiny.salesforce.session(hub), undefined);
    assert.equal((await get(hub)).status, 401);
    assert.equal(await tiny.token(orgA.integration), undefined);
    assert.equal((await get(person)).status, 200);
    await tiny.call('', 'POST', '/_sandbox/faults', { clear: true });
    assert.equal((await get(await tiny.token(orgA.integration))).status, 200);
  });

  it('reset gives the seeded rows again and closes all sessions', async () => {
    await rename(person, 'Changed');
    await tiny.call('', 'POST', '/_sandbox/reset', {});
    assert.equal((await get(person)).status, 401);
    person = await tiny.token(orgA.person);
    assert.equal(await nameNow(), 'Acme Pumps');
  });
});
