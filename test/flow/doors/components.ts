import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { SealedTokens } from '../../../hub/http/sealed-token.ts';
import { derivedKey, encryptionKeys } from '../../../hub/local-secrets.ts';
import type { ViewAnswer } from '../../../hub/view/read-deal-view.ts';
import { orgs } from '../../../sandbox/seed/credentials.ts';
import { askToken, componentCall, componentToken } from '../../kit/component-token.ts';
import { eventually } from '../../kit/eventually.ts';
import type { House } from '../../kit/house.ts';
import type { PairSupply } from '../../kit/pairs.ts';

const user = '0055f000000AAAAAAA';

export function components(house: () => House, supply: PairSupply): void {
  const deal = (token: string, recordId: string, userId = user): Promise<Response> =>
    componentCall(house(), token, `/salesforce/deal?recordId=${recordId}&userId=${userId}`);
  const viewOf = async (token: string, recordId: string): Promise<ViewAnswer> => {
    const answer = await deal(token, recordId);
    assert.equal(answer.status, 200);
    return (await answer.json()) as ViewAnswer;
  };
  const [one, other] = orgs;

  describe('components', () => {
    it('get a token for their org’s secret, by form or by Basic', async () => {
      const token = await componentToken(house(), 'a');
      assert.equal((await deal(token, '006000000000000AAA')).status, 200);
      const { clientId, clientSecret } = one.backEnd;
      const basic = { authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}` };
      assert.equal((await askToken(house(), { grant_type: 'client_credentials' }, basic)).status, 200);
    });

    it('get none for a wrong secret, another org’s, an unknown org, or none at all', async () => {
      const grant = { grant_type: 'client_credentials' };
      for (const [client_id, client_secret] of [
        [one.orgId, 'wrong'],
        [one.orgId, other.backEnd.clientSecret],
        [other.orgId, one.backEnd.clientSecret],
        [one.orgId, ''],
        ['00D000000000000AAA', one.backEnd.clientSecret],
        ['', ''],
        [`${one.orgId}' or '1'='1`, 'x'],
      ] as const) {
        const answer = await askToken(house(), { ...grant, client_id, client_secret });
        assert.deepEqual([answer.status, await answer.json()], [401, { error: 'invalid_client' }]);
      }
      for (const basic of ['%%%', Buffer.from('a:%zz').toString('base64'), Buffer.from('nothing').toString('base64')]) {
        const answer = await askToken(house(), grant, { authorization: `Basic ${basic}` });
        assert.equal(answer.status, 401, basic);
      }
      const { clientId: client_id, clientSecret: client_secret } = one.backEnd;
      const password = await askToken(house(), { grant_type: 'password', client_id, client_secret });
      assert.deepEqual([password.status, await password.json()], [400, { error: 'unsupported_grant_type' }]);
    });

    it('see nothing with a token that is expired, altered, made by somebody else, or missing', async () => {
      const keys = encryptionKeys(house().dataDir, undefined);
      const ours = new SealedTokens(derivedKey(keys, 'component tokens'));
      const live = ours.issue(one.orgId, Date.now() + 60_000);
      assert.equal((await deal(live, '006000000000000AAA')).status, 200);
      const [, signature] = live.split('.');
      const claims = JSON.stringify({ subject: other.orgId, expiresAt_ms: Date.now() + 60_000 });
      const bad = {
        expired: ours.issue(one.orgId, Date.now() - 1),
        altered: `${Buffer.from(claims).toString('base64url')}.${signature}`,
        'of another key': new SealedTokens(derivedKey(keys, 'other')).issue(one.orgId, Date.now() + 60_000),
        missing: '',
        'an API token': 'x',
      };
      for (const [what, token] of Object.entries(bad)) {
        const answer = await deal(token, '006000000000000AAA');
        assert.equal(answer.status, 401, what);
        assert.match(((await answer.json()) as { remedy: string }).remedy, /salesforce\/oauth\/token/);
        const click = { recordId: '006000000000000AAA', userId: user, clickId: randomUUID() };
        assert.equal((await componentCall(house(), token, '/salesforce/research', click)).status, 401, what);
      }
    });

    it('see the opportunity of the org in the token, not the other org’s of the same id', async () => {
      const { salesforce } = await supply.take('deal');
      const mark = `Only at org a ${salesforce}`;
      await house().people.a.salesforce.update('Opportunity', salesforce, { NextStep: mark });
      const [mine, theirs] = await Promise.all([componentToken(house(), 'a'), componentToken(house(), 'b')]);
      await eventually(async () => assert.ok(JSON.stringify(await viewOf(mine, salesforce)).includes(mark)));
      const foreign = await viewOf(theirs, salesforce);
      assert.equal(foreign.status, 'ok', 'the other org has an opportunity of this id, on purpose');
      assert.ok(!JSON.stringify(foreign).includes(mark));
    });

    it('of a record that the hub does not know are not synced; what is no id is 400', async () => {
      const token = await componentToken(house(), 'a');
      assert.deepEqual(await viewOf(token, '006000000000000AAA'), { status: 'not_synced' });
      for (const [recordId, userId, named] of [
        ['0015f000000AAAAAAA', user, 'begins with 006'],
        ['006', user, 'recordId'],
        ['006000000000000AAA', 'me', 'userId'],
      ] as const) {
        const answer = await deal(token, recordId, userId);
        assert.equal(answer.status, 400);
        assert.ok(((await answer.json()) as { message: string }).message.includes(named), named);
      }
    });

    it('start research as the Apex of the package does', async () => {
      const { salesforce, recordId } = await supply.take('deal');
      const { people, urls } = house();
      const call = async (method: string, parameters: object): Promise<ViewAnswer> => {
        const answer = await fetch(`${urls.salesforce}/_ui/apex/RapportDealController/${method}`, {
          method: 'POST',
          headers: { authorization: `Bearer ${people.a.salesforce.connection.accessToken}` },
          body: JSON.stringify(parameters),
        });
        assert.equal(answer.status, 200);
        return (await answer.json()) as ViewAnswer;
      };
      const clickId = randomUUID();
      const started = await call('startResearch', { recordId: salesforce, clickId });
      assert.ok(started.status === 'ok' && started.view.run && !started.view.canStartResearch);
      await call('startResearch', { recordId: salesforce, clickId });
      await eventually(async () => {
        const answer = await call('getDeal', { recordId: salesforce });
        assert.ok(answer.status === 'ok' && answer.view.run?.state === 'succeeded' && answer.view.brief);
      }, 15_000);
      assert.equal((await house().sql('select from run where record_id = $1', [recordId])).length, 1);
    }).timeout(30_000);
  });
}
