import assert from 'node:assert/strict';
import { request } from 'node:http';
import { createApp, listen } from '../../../../hub/http/server.ts';
import type { Route } from '../../../../hub/http/route.ts';
import { Invalid, RetryLater, Unverified } from '../../../../protocol/errors.ts';

const hush = 'anna@canary.example';

describe('hub/http server', () => {
  const logged: string[] = [];
  const keep = (...args: unknown[]): void => void logged.push(JSON.stringify(args));
  const log = { debug: keep, info: keep, warn: keep, error: keep };
  const tooLarge: string[] = [];
  let server: Awaited<ReturnType<typeof listen>>;
  let base = '';
  const route = (path: string, handle: Route['handle'], more: Partial<Route> = {}): Route => ({
    method: 'POST',
    path,
    policy: 'open',
    bodyLimit_bytes: 100,
    handle,
    ...more,
  });
  const failing =
    (error: Error): Route['handle'] =>
    async () => {
      throw error;
    };
  before(async () => {
    const app = createApp(
      [
        route('/echo', async (ctx, body) => void (ctx.body = body), {
          onTooLarge: () => void tooLarge.push('/echo'),
        }),
        route('/unverified', failing(new Unverified('Not them.', 'Ask them.'))),
        route('/invalid', failing(new Invalid('No id.', 'Send one.'))),
        route('/later', failing(new RetryLater('The database does not answer.', 1))),
        route('/bug', failing(new Error(`no such ${hush}`))),
      ],
      log,
    );
    server = await listen(app, { host: '127.0.0.1', port: 0 });
    base = `http://127.0.0.1:${server.port}`;
  });
  after(() => server.stop());
  const post = (path: string, body: string): Promise<Response> => fetch(base + path, { method: 'POST', body });

  it('hands over the bytes as they came', async () => {
    const bytes = Buffer.from([0xff, 0x00, 0xc3, 0x28]);
    const answer = await fetch(`${base}/echo`, { method: 'POST', body: bytes });
    assert.deepEqual(Buffer.from(await answer.arrayBuffer()), bytes);
  });

  it('answers 413 for a body over the cap, told by its length or only by its bytes', async () => {
    const told = await post('/echo', 'x'.repeat(101));
    assert.equal(told.status, 413);
    assert.deepEqual(Object.keys((await told.json()) as object), ['error', 'message', 'remedy']);
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const chunked = request(`${base}/echo`, { method: 'POST' }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      });
      chunked.on('error', reject);
      chunked.write('x'.repeat(60));
      chunked.end('x'.repeat(60));
    });
    assert.equal(status, 413);
    assert.deepEqual(tooLarge, ['/echo', '/echo']);
    assert.equal((await post('/echo', 'x'.repeat(100))).status, 200);
  });

  for (const [path, status, body] of [
    ['/unverified', 401, { error: 'Unverified', message: 'Not them.', remedy: 'Ask them.' }],
    ['/invalid', 400, { error: 'Invalid', message: 'No id.', remedy: 'Send one.' }],
  ] as const)
    it(`says what the caller of ${path} did wrong and who must do what`, async () => {
      const answer = await post(path, '');
      assert.equal(answer.status, status);
      assert.deepEqual(await answer.json(), body);
    });

  it('answers 503 when it can be served later', async () => {
    const answer = await post('/later', '');
    assert.equal(answer.status, 503);
    assert.equal(((await answer.json()) as { error: string }).error, 'RetryLater');
  });

  it('tells the caller nothing of our own faults', async () => {
    const answer = await post('/bug', '');
    assert.equal(answer.status, 500);
    assert.doesNotMatch(await answer.text(), /canary/);
    assert.ok(logged.some((line) => line.includes('request failed')));
    assert.doesNotMatch(logged.join(), /canary/);
  });

  it('answers what is not there with 404, and sets the headers everywhere', async () => {
    const answer = await post('/nowhere', '');
    assert.equal(answer.status, 404);
    assert.equal(answer.headers.get('x-content-type-options'), 'nosniff');
    assert.equal(answer.headers.get('cache-control'), 'no-store');
  });
});
