import assert from 'node:assert/strict';
import type { LookupAddress } from 'node:dns';
import { safeFetcher } from '../../../../connectors/web/fetch-page.ts';
import { refusalOfAddress } from '../../../../connectors/web/address.ts';
import type { FetchedPage } from '../../../../protocol/job.ts';
import { localSite, type LocalSite } from './local-site.ts';

const clock = { now_ms: () => 1_000, sleep: () => Promise.resolve() };
const common = { clock, userAgent: 'RapportBot/1.0', limits: { time_ms: 1_000 } };
const open = new AbortController().signal;

const innerAddresses = [
  '127.0.0.1', '127.8.8.8', '10.0.0.1', '172.16.0.1', '192.168.1.1', '169.254.169.254', '100.64.0.1', '0.0.0.0', '0.1.2.3',
  '224.0.0.1', '255.255.255.255', '240.0.0.1', '192.0.2.1', '198.51.100.1', '203.0.113.9', '198.18.0.1',
  '::1', '::', 'fe80::1', 'fe80::1%eth0', 'fd00::1', 'fc00::1', 'ff02::1', '::ffff:127.0.0.1', '::ffff:8.8.8.8',
  '64:ff9b::7f00:1', '64:ff9b:1::1', '2002:7f00:1::', '2001::1', '2001:db8::1', '::127.0.0.1', 'fec0::1',
]; // prettier-ignore

/** Each is refused before anything is resolved or connected to. */
const innerUrls = [
  'http://127.0.0.1/', 'http://127.1/', 'http://2130706433/', 'http://0x7f000001/', 'http://0x7f.0.0.1/', 'http://017700000001/',
  'http://0177.0.0.1/', 'http://0/', 'http://169.254.169.254/latest/meta-data/', 'http://[::1]/', 'http://[::]/', 'http://[::ffff:127.0.0.1]/',
  'http://[::ffff:7f00:1]/', 'http://[64:ff9b::7f00:1]/', 'http://[fd00:ec2::254]/', 'http://8.8.8.8/', 'http://１２７.０.０.１/',
  'http://localhost/', 'http://LOCALHOST./', 'http://x.localhost/', 'http://printer.local/', 'http://metadata.google.internal/', 'http://metadata/',
  'http://redis.svc.cluster.local/', 'http://127.0.0.1:4000/', 'http://site.example:22/', 'http://user:word@site.example/', 'file:///etc/passwd',
  'ftp://site.example/', 'data:text/html,hi', 'javascript:alert(1)', 'gopher://site.example/',
]; // prettier-ignore

describe('connectors/web guard without a proxy', () => {
  let site: LocalSite;
  let answers: { asked: string[]; of: (host: string, time: number) => LookupAddress[] };
  let fetcher: ReturnType<typeof safeFetcher>;
  const page = '<title>Public</title><main><p>Hello there.</p></main>';
  const read = (url: string): Promise<FetchedPage> => fetcher(url, open);
  const refused = async (url: string): Promise<void> => {
    const got = await read(url);
    assert.equal(got.status === 'unavailable' && got.reason, 'blocked_address', url);
  };

  beforeEach(async () => {
    const publicOne: LookupAddress[] = [{ address: '93.184.215.14', family: 4 }];
    answers = { asked: [], of: () => publicOne };
    site = await localSite((request, response) => {
      if (request.url === '/robots.txt') return void response.writeHead(404).end();
      if (request.url === '/away') return void response.writeHead(302, { location: 'http://inner.example/' }).end();
      if (request.url === '/hex') return void response.writeHead(301, { location: '//0x7f000001/' }).end();
      response.writeHead(200, { 'content-type': 'text/html' }).end(page);
    });
    const resolve = (host: string): Promise<LookupAddress[]> => {
      answers.asked.push(host);
      return Promise.resolve(answers.of(host, answers.asked.length));
    };
    fetcher = safeFetcher({ ...common, resolve });
  });
  afterEach(async () => {
    await fetcher.close();
    await site.close();
  });

  it('reads a page of a name with public addresses, and connects to just those', async () => {
    const got = await read('http://site.example/');
    assert.equal(got.status === 'read' && got.text, 'Hello there.');
    assert.deepEqual([...new Set(site.reached)], ['93.184.215.14']);
  });

  it('knows every address that is not on the public internet', () => {
    for (const address of innerAddresses) assert.ok(refusalOfAddress(address), address);
    for (const address of ['93.184.215.14', '8.8.8.8', '2606:4700::1111'])
      assert.equal(refusalOfAddress(address), undefined);
  });

  it('refuses an address however it is written, inner names, other schemes and ports, without asking a name server', async () => {
    for (const url of innerUrls) await refused(url);
    const zoned = await read('http://[fe80::1%25eth0]/');
    assert.equal(zoned.status, 'unavailable');
    assert.deepEqual([answers.asked.length, site.connections()], [0, 0]);
  });

  it('refuses a name that leads to an inner address, also beside public ones', async () => {
    for (const address of innerAddresses.filter((one) => !one.includes('%'))) {
      const inner = { address, family: address.includes(':') ? 6 : 4 };
      answers.of = () => [{ address: '93.184.215.14', family: 4 }, inner];
      await refused(`http://n${answers.asked.length}.example/`);
    }
    assert.equal(site.connections(), 0);
  });

  it('is not fooled by a name server that changes its answer: what was checked is what is connected to', async () => {
    answers.of = (_host, time) => [{ address: time === 1 ? '93.184.215.14' : '127.0.0.1', family: 4 }];
    await read('http://flip.example/');
    assert.deepEqual(site.reached, ['93.184.215.14']);
    assert.equal(site.connections(), 1);
    await fetcher.close();
    fetcher = safeFetcher({ ...common, resolve: () => Promise.resolve(answers.of('flip.example', 2)) });
    await refused('http://flip.example/');
  });

  it('checks each redirect like the first address', async () => {
    answers.of = (host) => [{ address: host === 'inner.example' ? '10.0.0.7' : '93.184.215.14', family: 4 }];
    await refused('http://site.example/away');
    await refused('http://site.example/hex');
    assert.ok(!site.reached.includes('10.0.0.7'));
  });

  it('gives "unreachable" for a name without addresses, and throws only for an aborted signal', async () => {
    answers.of = () => [];
    const got = await read('http://nobody.example/');
    assert.equal(got.status === 'unavailable' && got.reason, 'unreachable');
    await assert.rejects(fetcher('http://site.example/', AbortSignal.abort(new Error('stop'))), /stop/);
  });
});
