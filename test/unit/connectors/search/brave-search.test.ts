import assert from 'node:assert/strict';
import { braveSearch } from '../../../../connectors/search/brave-search.ts';
import { Fault, Reconnect, RetryLater } from '../../../../protocol/errors.ts';
import type { Search } from '../../../../protocol/job.ts';
import { startWeb } from '../../../../sandbox/web/web.ts';
import { vendorContext } from '../../sandbox/seed/vendor-context.ts';

const clock = { now_ms: () => 1_000_000, sleep: () => Promise.resolve() };
const open = new AbortController().signal;

describe('connectors/search brave', () => {
  let context: ReturnType<typeof vendorContext>;
  let vendor: Awaited<ReturnType<typeof startWeb>>;
  const search = (apiKey = 'sandbox'): Search =>
    braveSearch({ apiKey, baseUrl: `http://127.0.0.1:${vendor.port}`, clock });
  /** A search whose vendor gives just this answer. */
  const answering = (status: number, body: unknown, headers: Record<string, string> = {}): Search =>
    braveSearch({
      apiKey: 'k',
      baseUrl: 'https://search.example',
      clock,
      fetch: () => Promise.resolve(Response.json(body, { status, headers })),
    });

  beforeEach(async () => {
    context = vendorContext();
    vendor = await startWeb(context);
  });
  afterEach(async () => {
    await vendor.stop();
    context.storage.close();
  });

  it('finds at most as many hits as asked for, best first', async () => {
    const hits = await search().query('Northwind competitors', 3, open);
    assert.equal(hits.length, 3);
    assert.equal(hits[0]?.url, 'http://market-guide.example/firms/northwind');
    assert.match(hits[0].title, /competitors and alternatives/);
    assert.ok(hits[0].snippet.length > 10);
  });

  it('keeps a long question within the vendor’s limits, and finds nothing without fuss', async () => {
    assert.deepEqual(await search().query('qqzz '.repeat(200), 30, open), []);
    assert.deepEqual(await answering(200, { type: 'search' }).query('x', 3, open), []);
  });

  it('gives text without entities and markup', async () => {
    const result = {
      url: 'https://a.example/',
      title: 'A &amp; B',
      description: 'the <strong>best</strong> &#x27;yet&#x27;',
    };
    const hits = await answering(200, { web: { results: [result] } }).query('x', 3, open);
    assert.deepEqual(hits, [{ url: 'https://a.example/', title: 'A & B', snippet: "the best 'yet'" }]);
  });

  it('says who acts when it fails', async () => {
    await assert.rejects(search('wrong').query('x', 3, open), Reconnect);
    context.faults.arm({ name: 'search.status', params: { status: 500 } });
    await assert.rejects(search().query('x', 3, open), RetryLater);
    await assert.rejects(answering(200, { web: { results: [{ url: 7 }] } }).query('x', 3, open), Fault);
    await assert.rejects(search().query('', 3, open), Fault);
  });

  it('waits as long as the used-up window says', async () => {
    const headers = { 'x-ratelimit-remaining': '12, 0', 'x-ratelimit-reset': '1, 7200' };
    const error = await answering(429, {}, headers)
      .query('x', 3, open)
      .catch((thrown: unknown) => thrown);
    assert.ok(error instanceof RetryLater);
    assert.equal(error.retryAt_ms, 1_000_000 + 7_200_000);
  });

  it('throws the reason of an aborted signal', async () => {
    await assert.rejects(search().query('x', 3, AbortSignal.abort(new Error('stop'))), /stop/);
  });
});
