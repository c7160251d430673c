import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { ViewAnswer } from '../../../hub/view/read-deal-view.ts';
import { hubspotApp } from '../../../sandbox/seed/credentials.ts';
import { cardFetch, portalIds, viewer } from '../../kit/card-fetch.ts';
import { eventually } from '../../kit/eventually.ts';
import type { House } from '../../kit/house.ts';
import { callAsHubspot, type Signing } from '../../kit/hubspot-app.ts';
import type { PairSupply } from '../../kit/pairs.ts';

type Query = Record<string, string | number>;

export function cards(house: () => House, supply: PairSupply): void {
  const get = (portalId: number, path: string): ReturnType<typeof cardFetch> => cardFetch(house(), portalId, path);
  const viewOf = async (portalId: number, dealId: string): Promise<ViewAnswer> => {
    const { status, body } = await get(portalId, `/cards/deal?objectId=${dealId}`);
    assert.equal(status, 200, JSON.stringify(body));
    return body as ViewAnswer;
  };
  const who = { userId: viewer.id, portalId: portalIds.a, userEmail: viewer.email, appId: hubspotApp.appId };
  const address = (query: Query | string): string =>
    `${house().urls.hub}/cards/deal?${typeof query === 'string' ? query : new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)])).toString()}`;
  const direct = async (query: Query | string, signing?: Signing): Promise<number> =>
    (await callAsHubspot('GET', address(query), undefined, signing)).status;

  describe('cards', () => {
    it('show the deal of the portal that signed, not the other one’s of the same id', async () => {
      const { hubspot } = await supply.take('deal');
      const mark = `Only at tenant a ${hubspot}`;
      await house().people.a.hubspot.update('deals', hubspot, { hs_next_step: mark });
      const mine = await eventually(async () => {
        const answer = await viewOf(portalIds.a, hubspot);
        assert.ok(JSON.stringify(answer).includes(mark));
        return answer;
      });
      assert.equal(mine.status, 'ok');
      const theirs = await viewOf(portalIds.b, hubspot);
      assert.equal(theirs.status, 'ok', 'the other portal has a deal of this id, on purpose');
      assert.ok(!JSON.stringify(theirs).includes(mark));
    });

    it('called by anybody else: 401', async () => {
      const query = { objectId: '1', ...who };
      assert.equal((await fetch(address(query))).status, 401);
      assert.equal(await direct(query, { secret: 'guessed' }), 401);
      assert.equal(await direct({ ...query, portalId: portalIds.b }, { signedUrl: address(query) }), 401);
      assert.equal(await direct(query, { timestamp_ms: Date.now() - 600_000 }), 401);
      assert.equal(await direct(query), 200);
    });

    it('signed, but of another app, or of two portals, or of none: 401', async () => {
      const { portalId: _, ...nowhere } = who;
      const twice = `${new URL(address({ objectId: '1', ...who })).search.slice(1)}&portalId=${portalIds.b}`;
      for (const query of [{ objectId: '1', ...who, appId: 1 }, twice, { objectId: '1', ...nowhere }])
        assert.equal(await direct(query), 401);
      const injected = await get(portalIds.a, `/cards/deal?objectId=1&portalId=${portalIds.b}`);
      assert.deepEqual([injected.status, JSON.stringify(injected.body).includes('401')], [502, true]);
    });

    it('cannot ask for what is no record id: 400 says what to send', async () => {
      for (const objectId of ['', 'abc', '1'.repeat(21), '1 or 1=1', '-1', randomUUID()]) {
        const answer = await callAsHubspot('GET', address({ objectId, ...who }), undefined);
        assert.equal(answer.status, 400, objectId);
        const { error, remedy } = (await answer.json()) as Record<string, string>;
        assert.deepEqual([error, remedy], ['Invalid', 'Send the id of the deal that the card is on.']);
      }
      assert.equal(await direct({ ...who }), 400);
    });

    it('of a deal that the hub does not know are not synced, and of an account it does not know not connected', async () => {
      assert.deepEqual(await viewOf(portalIds.a, '999000001'), { status: 'not_synced' });
      const portalId = 8_801_077;
      const portal = { portalId, refreshToken: 'na1-refresh-doors', personToken: 'sandbox-doors' };
      const made = await fetch(`${house().urls.hubspot}/_sandbox/portals`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(portal),
      });
      assert.equal(made.status, 201, await made.text());
      assert.deepEqual(await viewOf(portalId, '1'), { status: 'not_connected' });
      const click = { objectId: '1', clickId: randomUUID() };
      assert.deepEqual((await cardFetch(house(), portalId, '/cards/research', click)).body, {
        status: 'not_connected',
      });
    });

    it('start research once for one click, and one run for five clicks at once', async () => {
      const { hubspot, recordId } = await supply.take('deal');
      const clickId = randomUUID();
      const press = (id: string): ReturnType<typeof cardFetch> =>
        cardFetch(house(), portalIds.a, '/cards/research', { objectId: hubspot, clickId: id });
      const answers = await Promise.all([clickId, clickId, clickId, randomUUID(), randomUUID()].map(press));
      const ids = answers.map(({ body }) => {
        const answer = body as ViewAnswer;
        assert.ok(answer.status === 'ok' && answer.view.run);
        return answer.view.run.id;
      });
      assert.equal(new Set(ids).size, 1);
      await eventually(async () => {
        const answer = await viewOf(portalIds.a, hubspot);
        assert.ok(answer.status === 'ok' && answer.view.run?.state === 'succeeded');
        assert.ok(answer.view.canStartResearch);
      }, 15_000);
      await press(clickId);
      const runs = await house().sql('select id from run where record_id = $1', [recordId]);
      assert.deepEqual(runs, [{ id: ids[0] }], 'a click that is told again starts nothing');
    }).timeout(30_000);

    it('with a bad body: 400 names the field; over the limit: 413', async () => {
      const url = `${house().urls.hub}/cards/research?${new URLSearchParams(Object.entries(who).map(([name, value]) => [name, String(value)])).toString()}`;
      const click = { objectId: '1', clickId: randomUUID() };
      for (const [body, named] of [
        ['{', 'not JSON'],
        [JSON.stringify({ ...click, clickId: 'again' }), 'clickId'],
        [JSON.stringify({ ...click, objectId: 1 }), 'objectId'],
        [JSON.stringify({ ...click, tenantId: 'tenant-b' }), 'tenantId'],
      ] as const) {
        const answer = await callAsHubspot('POST', url, body);
        assert.equal(answer.status, 400);
        assert.ok(((await answer.json()) as { message: string }).message.includes(named), named);
      }
      const large = JSON.stringify({ ...click, clickId: 'x'.repeat(64_000) });
      assert.equal((await callAsHubspot('POST', url, large)).status, 413);
    });
  });
}
