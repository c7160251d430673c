import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execFile } from 'node:child_process';
import { freshDatabase } from '../../kit/postgres.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const enough = {
  HUBSPOT_CLIENT_ID: 'id',
  HUBSPOT_CLIENT_SECRET: 'hush-secret',
  OPENAI_API_KEY: 'hush-key',
  PORT: '0',
};

/** The product in a folder of its own, whose files a test may spoil, and a boot of it. */
describe('hub boot', () => {
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'rapport-boot-'));
    for (const part of ['protocol', 'mappings', 'connectors', 'jobs', 'hub', 'package.json'])
      cpSync(join(root, part), join(folder, part), { recursive: true });
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const serve = (env: Record<string, string>): Promise<{ code: number; said: string }> =>
    new Promise((resolve) => {
      const { PATH = '' } = process.env;
      const args = ['--disable-warning=ExperimentalWarning', join(folder, 'hub', 'cli', 'main.ts'), 'serve'];
      const options = { env: { PATH, DATA_DIR: join(folder, 'data'), ...env }, timeout: 15_000, cwd: folder };
      execFile(process.execPath, args, options, (error, stdout, stderr) =>
        resolve({ code: Number(error?.code ?? 0), said: stdout + stderr }),
      );
    });

  it('without settings lists every one that is missing, in one go', async () => {
    const { code, said } = await serve({});
    assert.equal(code, 1);
    for (const name of ['DATABASE_URL', 'HUBSPOT_CLIENT_ID', 'HUBSPOT_CLIENT_SECRET', 'OPENAI_API_KEY'])
      assert.ok(said.includes(name), said);
    assert.doesNotMatch(said, /\n\s+at /);
  });

  it('with one real CRM and one stand-in stops', async () => {
    const env = { ...enough, DATABASE_URL: 'postgres://x@127.0.0.1/x', SALESFORCE_LOGIN_URL: 'http://127.0.0.1:4020' };
    const { code, said } = await serve(env);
    assert.equal(code, 1);
    assert.match(said, /must not be mixed/);
    assert.doesNotMatch(said, /hush/);
  });

  it('with faults in mapping files stops, and says file, line and column of each', async () => {
    const company = join(folder, 'mappings', 'company.yaml');
    const deal = join(folder, 'mappings', 'deal.yaml');
    const texts = [company, deal].map((file) => readFileSync(file, 'utf8')) as [string, string];
    try {
      writeFileSync(company, texts[0].replace('type: domain', 'type: domian'));
      writeFileSync(deal, texts[1].replace('same: [company, name]', 'same: [company, title]'));
      const line = (text: string, part: string): number => text.slice(0, text.indexOf(part)).split('\n').length;
      const { appUrl: DATABASE_URL } = await freshDatabase();
      const { code, said } = await serve({ ...enough, DATABASE_URL });
      assert.equal(code, 1);
      assert.match(said, /2 faults/);
      assert.match(said, new RegExp(`company\\.yaml:${line(texts[0], 'type: domain')}:\\d+ `));
      assert.match(said, new RegExp(`deal\\.yaml:${line(texts[1], 'same: [company, name]')}:\\d+ .*title`));
      assert.match(said, /Correct the named lines/);
      assert.doesNotMatch(said, /\n\s+at /);
    } finally {
      writeFileSync(company, texts[0]);
      writeFileSync(deal, texts[1]);
    }
  });

  it('without its database says that, in a sentence', async () => {
    const { code, said } = await serve({ ...enough, DATABASE_URL: 'postgres://hub:hush@127.0.0.1:1/rapport' });
    assert.equal(code, 1);
    assert.match(said, /database does not answer/i);
    assert.doesNotMatch(said, /hush|\n\s+at /);
  });
});
