import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import type { EmbeddedPostgres } from '../../../../scripts/postgres/launch.ts';
import { removePostgres, startPostgres } from '../../../../scripts/postgres/launch.ts';
import { Invalid } from '../../../../protocol/errors.ts';

describe('scripts/postgres startPostgres', function () {
  this.timeout(60_000);
  let dataDir: string;
  before(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'rapport-launch-'));
  });
  after(async () => {
    await removePostgres({ dataDir });
    rmSync(dataDir, { recursive: true, force: true });
  });

  const start = (): Promise<EmbeddedPostgres> => startPostgres({ dataDir });
  const home = (...path: string[]): string => join(dataDir, 'postgres', ...path);
  const pidOf = (): number => Number(readFileSync(home('cluster', 'postmaster.pid'), 'utf8').split('\n')[0]);
  const query = async <Row extends object>(url: string, text: string): Promise<Row[]> => {
    const client = new Client({ connectionString: url });
    await client.connect();
    try {
      return (await client.query<Row>(text)).rows;
    } finally {
      await client.end();
    }
  };

  it('makes a database with an owner and a login that can do little', async () => {
    const { ownerUrl, appUrl, stop } = await start();
    await query(ownerUrl, 'create table kept (value text)');
    await query(ownerUrl, "insert into kept values ('before')");
    for (const url of [ownerUrl, appUrl]) {
      const [role] = await query(
        url,
        'select rolsuper, rolbypassrls, rolcreaterole from pg_roles where rolname = current_user',
      );
      assert.deepEqual({ ...role }, { rolsuper: false, rolbypassrls: false, rolcreaterole: false });
    }
    await assert.rejects(query(appUrl, 'select * from kept'), /permission denied/);
    await assert.rejects(query(appUrl, 'create table mine ()'), /permission denied/);
    const wrong = new URL(appUrl);
    wrong.password = 'wrong';
    await assert.rejects(query(wrong.href, 'select 1'), /password authentication failed/);
    assert.equal(statSync(home('server.json')).mode & 0o777, 0o600);
    await stop();
    assert.equal(existsSync(home('cluster', 'postmaster.pid')), false);
  });

  it('starts again on the same files and port, in a moment', async () => {
    const before_ms = performance.now();
    const { ownerUrl, stop } = await start();
    const took_ms = performance.now() - before_ms;
    assert.deepEqual(await query(ownerUrl, 'select value from kept'), [{ value: 'before' }]);
    await stop();
    const again = await start();
    assert.equal(again.ownerUrl, ownerUrl);
    await again.stop();
    assert.ok(took_ms < 2_000, `${took_ms} ms`);
  });

  it('takes over the server that a killed predecessor left', async () => {
    await start();
    const pid = pidOf();
    const { ownerUrl, stop } = await start();
    assert.equal(pidOf(), pid);
    assert.equal((await query(ownerUrl, 'select 1')).length, 1);
    await stop();
  });

  it('lets two start at once', async () => {
    const [one, two] = await Promise.all([start(), start()]);
    assert.equal(one.ownerUrl, two.ownerUrl);
    await one.stop();
    await two.stop();
  });

  it('keeps every committed row when the server is killed', async () => {
    const { ownerUrl } = await start();
    await query(ownerUrl, "insert into kept values ('last')");
    process.kill(pidOf(), 'SIGKILL');
    const again = await start();
    assert.equal((await query(again.ownerUrl, 'select value from kept')).length, 2);
    await again.stop();
  });

  it('is not misled by a pid file whose pid is somebody else’s now', async () => {
    const pidFile = home('cluster', 'postmaster.pid');
    writeFileSync(pidFile, `${process.pid}\n${home('cluster')}\n1\n1\n\n127.0.0.1\n\nready\n`);
    const { ownerUrl, stop } = await start();
    assert.equal((await query(ownerUrl, 'select 1')).length, 1);
    await stop();
  });

  it('moves to another port when its own is taken', async () => {
    const { port } = JSON.parse(readFileSync(home('server.json'), 'utf8')) as { port: number };
    const squatter = createServer().listen(port, '127.0.0.1');
    await new Promise((resolve) => squatter.once('listening', resolve));
    try {
      const { ownerUrl, stop } = await start();
      assert.notEqual(Number(new URL(ownerUrl).port), port);
      assert.equal((await query(ownerUrl, 'select value from kept')).length, 2);
      await stop();
    } finally {
      squatter.close();
    }
  });

  it('takes over the lock of a dead process', async () => {
    writeFileSync(home('launch.lock'), '999999999');
    await (await start()).stop();
    assert.equal(existsSync(home('launch.lock')), false);
  });

  it('builds again what an interrupted first start left half-built', async () => {
    rmSync(home('cluster'), { recursive: true });
    mkdirSync(home('cluster.new', 'base'), { recursive: true });
    const settings = JSON.parse(readFileSync(home('server.json'), 'utf8')) as object;
    writeFileSync(home('server.json'), JSON.stringify({ ...settings, prepared: false }));
    const { appUrl, stop } = await start();
    assert.equal((await query(appUrl, 'select 1')).length, 1);
    await stop();
  });

  it('says what to do when the passwords are lost', async () => {
    rmSync(home('server.json'));
    await assert.rejects(start(), (error) => error instanceof Invalid && /--reset/.test(error.remedy));
  });

  it('begins afresh after a removal', async () => {
    await removePostgres({ dataDir });
    assert.equal(existsSync(home()), false);
    const { ownerUrl, stop } = await start();
    await assert.rejects(query(ownerUrl, 'select * from kept'), /does not exist/);
    await stop();
  });

  it('keeps its files elsewhere when root’s folder lets nobody in', async function () {
    if (process.getuid?.() !== 0) return this.skip();
    const hidden = mkdtempSync(join(tmpdir(), 'rapport-hidden-'));
    const inside = join(hidden, 'data');
    try {
      const { ownerUrl, stop } = await startPostgres({ dataDir: inside });
      await query(ownerUrl, 'create table kept ()');
      await stop();
      const again = await startPostgres({ dataDir: inside });
      assert.deepEqual(await query(again.ownerUrl, 'select * from kept'), []);
      assert.equal(statSync(hidden).mode & 0o777, 0o700, 'the folder stays closed');
      await again.stop();
      rmSync(inside, { recursive: true });
      const fresh = await startPostgres({ dataDir: inside });
      await assert.rejects(query(fresh.ownerUrl, 'select * from kept'), /does not exist/);
    } finally {
      await removePostgres({ dataDir: inside });
      rmSync(hidden, { recursive: true, force: true });
    }
  });
});
