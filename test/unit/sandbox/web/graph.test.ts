import assert from 'node:assert/strict';
import type { Vendor, VendorContext } from '../../../../sandbox/kit/vendor.ts';
import { social } from '../../../../sandbox/web/accounts.ts';
import { PublicWeb } from '../../../../sandbox/web/public-web.ts';
import { startWeb } from '../../../../sandbox/web/web.ts';
import { vendorContext } from '../seed/vendor-context.ts';

const media = 'media{like_count,comments_count,caption,timestamp}';
const wanted = (username: string): string =>
  `business_discovery.username(${username}){followers_count,follows_count,media_count,biography,website,${media}}`;

interface Discovered {
  id: string;
  business_discovery: {
    id: string;
    followers_count: number;
    website: string;
    media: { data: { id: string; like_count: number; timestamp: string }[] };
  };
}

describe('sandbox/web graph', () => {
  let context: VendorContext;
  let vendor: Vendor;
  const get = (path: string, parameters: Record<string, string>): Promise<Response> =>
    fetch(
      `http://127.0.0.1:${vendor.port}${path}?${String(new URLSearchParams({ access_token: social.accessToken, ...parameters }))}`,
    );
  const own = (fields: string, more = {}): Promise<Response> =>
    get(`/v25.0/${social.instagramUserId}`, { fields, ...more });
  const error = async (
    response: Response,
  ): Promise<{ code: number; error_subcode?: number; type: string; message: string; error_user_msg?: string }> =>
    ((await response.json()) as { error: Awaited<ReturnType<typeof error>> }).error;

  before(async () => {
    context = vendorContext();
    vendor = await startWeb(context);
  });
  after(async () => {
    await vendor.stop();
    context.storage.close();
  });

  it('discovers a professional account, its figures and its posts', async () => {
    const found = (await (await own(wanted('northwind'))).json()) as Discovered;
    assert.equal(found.id, social.instagramUserId);
    assert.equal(found.business_discovery.website, 'http://northwind.example/');
    assert.ok(found.business_discovery.followers_count > 0);
    assert.equal(found.business_discovery.media.data.length, 12);
    for (const post of found.business_discovery.media.data) {
      assert.deepEqual(Object.keys(post).sort(), ['caption', 'comments_count', 'id', 'like_count', 'timestamp']);
      assert.match(post.timestamp, /^\d{4}-\d\d-\d\dT00:00:00\+0000$/);
    }
    const few = (await (await own('business_discovery.username(northwind){media.limit(2){id}}')).json()) as Discovered;
    assert.equal(few.business_discovery.media.data.length, 2);
  });

  it('answers error 110 for who is no professional account, and some firms are none', async () => {
    const firms = [...new PublicWeb(context).firms.values()];
    const personal = firms.filter((firm) => !firm.isProfessional);
    assert.ok(personal.length > 5 && personal.length < firms.length / 2 + 5);
    for (const username of [personal[0]?.handle ?? '', 'nobody_at_all']) {
      const response = await own(wanted(username));
      const { code, error_subcode, type, error_user_msg } = await error(response);
      assert.deepEqual([response.status, code, error_subcode, type], [400, 110, 2207013, 'OAuthException']);
      assert.equal(error_user_msg, `Cannot find User with username: ${username}`);
    }
  });

  it('answers error 10 for Facebook Pages, 803 for names that are none', async () => {
    const page = await error(await get('/v25.0/northwind', { fields: 'fan_count,followers_count' }));
    assert.equal(page.code, 10);
    assert.match(page.message, /^\(#10\).*Page Public Content Access/);
    assert.equal((await error(await get('/v25.0/nobody_at_all', { fields: 'fan_count' }))).code, 803);
  });

  it('refuses bad tokens, fields, parameters, syntax and versions as OAuthExceptions', async () => {
    assert.equal((await error(await own('id', { access_token: 'wrong' }))).code, 190);
    assert.equal((await error(await own('id', { access_token: '' }))).code, 104);
    assert.equal((await error(await own('business_discovery.username(northwind){reach}'))).code, 100);
    assert.equal((await error(await own('id', { metric: 'reach' }))).code, 100);
    assert.match(
      (await error(await own('business_discovery.username(northwind){id'))).message,
      /^Syntax error "Expected "}"/,
    );
    assert.equal((await error(await get('/v12.0/me', {}))).code, 2500);
  });

  it('shows a planted throttling once', async () => {
    context.faults.arm({ name: 'graph.throttled' });
    assert.equal((await error(await own('id'))).code, 4);
    assert.equal((await own('id')).status, 200);
  });
});
