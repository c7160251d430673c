import assert from 'node:assert/strict';
import { instagram, type InstagramOptions } from '../../../../connectors/instagram/business-discovery.ts';
import { braveSearch } from '../../../../connectors/search/brave-search.ts';
import { safeFetcher } from '../../../../connectors/web/fetch-page.ts';
import type { Search, SocialFigures } from '../../../../protocol/job.ts';
import { publicFirms } from '../../../../sandbox/web/firms.ts';
import { startWeb } from '../../../../sandbox/web/web.ts';
import { vendorContext } from '../../sandbox/seed/vendor-context.ts';

const clock = { now_ms: () => 5_000, sleep: () => Promise.resolve() };
const open = new AbortController().signal;
const northwind = { name: 'Northwind', domain: 'northwind.example' };

describe('connectors/instagram business discovery', () => {
  let context: ReturnType<typeof vendorContext>;
  let vendor: Awaited<ReturnType<typeof startWeb>>;
  let fetchPage: ReturnType<typeof safeFetcher>;
  let search: Search;
  const figures = (company: typeof northwind, more: Partial<InstagramOptions> = {}): Promise<SocialFigures> => {
    const baseUrl = `http://127.0.0.1:${vendor.port}`;
    const account = { accessToken: 'sandbox', userId: '17841400000704001', baseUrl, clock };
    return instagram({ ...account, fetchPage, search, ...more }).figures(company, open);
  };
  const reason = (got: SocialFigures): string => (got.status === 'unavailable' ? got.reason : 'available');
  /** A search that finds this account only. */
  const finding = (handle: string): Search => ({
    name: 'test',
    query: () => Promise.resolve([{ url: `https://www.instagram.com/${handle}/`, title: '', snippet: '' }]),
  });

  before(async () => {
    context = vendorContext();
    vendor = await startWeb(context);
    const proxyUrl = `http://127.0.0.1:${vendor.port}`;
    fetchPage = safeFetcher({ clock, userAgent: 'RapportBot/1.0', proxyUrl });
    search = braveSearch({ apiKey: 'sandbox', baseUrl: proxyUrl, clock });
  });
  after(async () => {
    await fetchPage.close();
    await vendor.stop();
    context.storage.close();
  });

  it('gives the figures of the account that the company’s site names', async () => {
    const firm = publicFirms(context.world).get('northwind.example');
    assert.deepEqual(await figures(northwind), {
      network: 'instagram',
      status: 'available',
      handle: 'northwind',
      followers: firm?.followers,
      posts: 12,
      source: 'https://www.instagram.com/northwind/',
      readAt_ms: 5_000,
    });
  });

  it('says what Meta says of an account that is not a professional one', async () => {
    const firm = [...publicFirms(context.world).values()].find((one) => !one.isProfessional);
    assert.ok(firm);
    assert.match(
      reason(await figures(firm)),
      /no professional account, or does not exist\. Instagram says: Cannot find User/,
    );
  });

  it('takes an account that only a search found when it points to the company', async () => {
    const got = await figures(northwind, { search: finding('northwind'), fetchPage: undefined });
    assert.equal(got.status, 'available');
  });

  it('never takes another’s account, and makes up no handle', async () => {
    const impostor = await figures({ name: 'Placid', domain: 'injection.example' }, { search: finding('northwind') });
    assert.match(reason(impostor), /may be another’s/);
    assert.equal(reason(await figures({ name: 'Placid', domain: 'injection.example' })), 'No account was found.');
    assert.equal(
      reason(await figures(northwind, { search: undefined, fetchPage: undefined })),
      'No account was found.',
    );
  });

  it('says why when the limit is used up, the token has ended, or nobody answers', async () => {
    context.faults.arm({ name: 'graph.throttled' });
    const limited = await figures(northwind);
    assert.match(reason(limited), /limit of requests is used up/);
    assert.equal(limited.status === 'unavailable' && limited.code, 'limited');
    assert.match(reason(await figures(northwind, { accessToken: 'old' })), /An admin must connect Instagram again/);
    assert.match(reason(await figures(northwind, { baseUrl: 'http://127.0.0.1:1' })), /could not be looked up/);
  });

  it('sends the token in a header, not in the address', async () => {
    const seen: string[] = [];
    const fetch: typeof globalThis.fetch = (url) => {
      seen.push(url instanceof Request ? url.url : String(url));
      return Promise.resolve(Response.json({ error: { message: 'no' } }, { status: 400 }));
    };
    await figures(northwind, { fetch, accessToken: 'very-secret' });
    assert.equal(seen.length, 1);
    assert.ok(!seen[0]?.includes('very-secret'));
  });
});
