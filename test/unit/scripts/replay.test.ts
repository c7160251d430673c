import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { verifyV3 } from '../../../connectors/hubspot/signature.ts';
import { parseWebhooks } from '../../../connectors/hubspot/inbound.ts';
import { readFixture } from '../../../scripts/replay/read-fixture.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const fixtures = join(root, 'test', 'fixtures', 'hubspot');
const clientSecret = 'a secret of this test';

interface Said {
  code: number;
  out: string;
  err: string;
}

function run(args: readonly string[], env: Readonly<Record<string, string>>): Promise<Said> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [join(root, 'scripts', 'replay.ts'), ...args],
      { cwd: tmpdir(), env: { ...process.env, ...env } },
      (error, out, err) => resolve({ code: error ? Number(error.code) : 0, out, err }),
    );
  });
}

describe('scripts/replay', function () {
  this.timeout(20_000);
  const folder = mkdtempSync(join(tmpdir(), 'rapport-replay-'));
  const fixture = (name: string): string => join(fixtures, `${name}.json`);
  const fileWith = (text: string): string => {
    const path = join(folder, 'fixture.json');
    writeFileSync(path, text);
    return path;
  };
  /** A hub that verifies as the real one does. */
  const bodies: string[] = [];
  let server: Server;
  let url: string;

  before(async () => {
    server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const body = Buffer.concat(chunks);
        const { method = '', url: target = '' } = request;
        const headers = request.headers as Record<string, string>;
        try {
          verifyV3({ method, target, headers, body }, { clientSecret, publicUrl: 'https://hub.example' }, Date.now());
        } catch {
          response.writeHead(401).end('{"error":"Unverified"}');
          return;
        }
        if (method === 'POST') bodies.push(body.toString());
        response.end(method === 'POST' ? '{"stored":1}' : '{"status":"not_connected"}');
      });
    });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(() => {
    server.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const env = (): Record<string, string> => ({
    RAPPORT_URL: url,
    PUBLIC_URL: 'https://hub.example',
    HUBSPOT_CLIENT_SECRET: clientSecret,
  });

  it('sends the saved bytes, signed, and says what came back and how the deal looks', async () => {
    const { code, out, err } = await run([fixture('stage-change')], env());
    assert.equal(code, 0, err);
    assert.equal(bodies.at(-1), readFixture(fixture('stage-change')).body);
    assert.match(out, /The hub answered 200 {"stored":1}/);
    assert.match(out, /Deal 103000000001: not_connected/);
  });

  it('gives the events new ids on --again', async () => {
    await run([fixture('batch-of-ten'), '--again'], env());
    const [sent, saved] = [bodies.at(-1) ?? '', readFixture(fixture('batch-of-ten')).body].map(
      (body) => JSON.parse(body) as { eventId: number; objectId: number }[],
    );
    assert.deepEqual(
      sent?.map(({ objectId }) => objectId),
      saved?.map(({ objectId }) => objectId),
    );
    assert.ok(sent?.every(({ eventId }, at) => eventId !== saved?.[at]?.eventId));
  });

  it('says so when the secret is another, and when no hub runs', async () => {
    const refused = await run([fixture('stage-change')], { ...env(), HUBSPOT_CLIENT_SECRET: 'another' });
    assert.equal(refused.code, 1);
    assert.match(refused.err, /HUBSPOT_CLIENT_SECRET/);
    const alone = await run([fixture('stage-change')], { ...env(), RAPPORT_URL: 'http://127.0.0.1:9' });
    assert.equal(alone.code, 1);
    assert.match(alone.err, /does not answer at http:\/\/127\.0\.0\.1:9[^]*npm start/);
  });

  it('says what is wrong with a file', () => {
    const wrong: [string, RegExp][] = [
      ['{', /is not JSON/],
      ['{"body":"[]"}', /description/],
      ['{"description":"x","body":"not JSON"}', /The body in .* is not JSON/],
      ['{"description":"x","body":"[]"}', /no webhook delivery/],
      ['{"description":"x","body":"[{\\"portalId\\":1},{\\"portalId\\":2}]"}', /several portals/],
    ];
    for (const [text, message] of wrong) assert.throws(() => readFixture(fileWith(text)), message, text);
    assert.throws(() => readFixture(join(folder, 'missing.json')), /cannot be read/);
  });

  it('wants one fixture', async () => {
    const { code, err } = await run([], env());
    assert.equal(code, 1);
    assert.match(err, /Usage: npm run replay/);
  });

  it('has fixtures that the connector reads', () => {
    const names = readdirSync(fixtures);
    assert.ok(names.length >= 3);
    for (const name of names) {
      const { body, dealIds } = readFixture(join(fixtures, name));
      const events = parseWebhooks(Buffer.from(body), '1');
      assert.ok(events.length >= dealIds.length && dealIds.length > 0, name);
    }
  });
});
