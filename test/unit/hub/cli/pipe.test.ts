import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

describe('rapport, piped into a command that has enough', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'rapport-pipe-'));
  const problem = { vendor: 'hubspot', cause: 'unverified', detail: 'x'.repeat(200), remedy: '', count: 1 };
  const hub = createServer((_, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ tenants: [], unrouted: [], problems: Array.from({ length: 5_000 }, () => problem) }));
  });
  before(async () => {
    writeFileSync(join(dataDir, 'api-token'), 'token');
    hub.listen(0, '127.0.0.1');
    await once(hub, 'listening');
  });
  after(() => {
    hub.close();
    hub.closeAllConnections();
    rmSync(dataDir, { recursive: true, force: true });
  });

  for (const args of [['status'], ['status', '--json']])
    it(`${args.join(' ')} ends without a word, as by the signal`, async () => {
      const { PATH = '', HOME = '' } = process.env;
      const RAPPORT_URL = `http://127.0.0.1:${(hub.address() as AddressInfo).port}`;
      const script = join(import.meta.dirname, '..', '..', '..', '..', 'scripts', 'rapport.mjs');
      const child = spawn(process.execPath, [script, ...args], {
        env: { PATH, HOME, DATA_DIR: dataDir, RAPPORT_URL },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let said = '';
      child.stderr.on('data', (text: Buffer) => (said += text.toString()));
      child.stdout.once('data', () => child.stdout.destroy());
      const [code] = (await once(child, 'close')) as [number];
      assert.equal(said, '');
      assert.equal(code, 141);
    });
});
