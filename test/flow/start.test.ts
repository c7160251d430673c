import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { portals } from '../../sandbox/seed/credentials.ts';
import { eventually } from '../kit/eventually.ts';
import { freshDatabase } from '../kit/postgres.ts';
import { HubspotPerson } from '../kit/hubspot-person.ts';
import type { Launched } from '../kit/launcher.ts';
import { lives, processesOf } from '../kit/processes-of.ts';
import { useLauncher } from '../kit/use-launcher.ts';

/** It says what is wrong and what to do in one line, and ends with a failure. */
async function refuses(ran: Launched, pattern: RegExp): Promise<void> {
  assert.equal(await ran.ended, 1);
  assert.equal(ran.errors().trim().split('\n').length, 1, ran.errors());
  assert.match(ran.errors(), pattern);
}

const isReady = async (ran: Launched): Promise<void> =>
  assert.equal((await fetch(`${ran.hub}/health/ready`)).status, 200);

const person = async (ran: Launched): Promise<HubspotPerson> => {
  const [{ portalId, personToken }] = portals;
  return new HubspotPerson({ url: await ran.address('HubSpot'), portalId, token: personToken });
};

const companies = async (ran: Launched): Promise<(string | null | undefined)[]> =>
  (await (await person(ran)).list('companies', ['name'])).map(({ properties }) => properties['name']);

const postmasterOf = (dataDir: string): number =>
  Number(readFileSync(join(dataDir, 'postgres', 'cluster', 'postmaster.pid'), 'utf8').split('\n')[0]);

describe('flow: npm start', function () {
  this.timeout(120_000);
  const place = useLauncher();
  /** Of the companies in the first world. */
  let names: (string | null | undefined)[];

  describe('on a fresh folder', () => {
    let first: Launched;
    let desk: string;
    before(async () => {
      first = await place().start({ direct: undefined });
      desk = await first.address('The desk');
      names = await companies(first);
    });

    it('is ready when it says so, and names the desk first', async () => {
      await isReady(first);
      assert.equal((await fetch(desk)).status, 200);
      assert.deepEqual(
        first
          .said()
          .match(/http:\S+/g)
          ?.slice(0, 2),
        [desk, first.hub],
      );
      for (const part of ['HubSpot', 'Salesforce', 'Model', 'Web, social'])
        assert.ok((await fetch(await first.address(part))).status < 500, part);
      const own = first.errors().split('\n');
      assert.deepEqual(
        own.filter((line) => line !== '' && !line.startsWith('npm ')),
        [],
      );
    });

    it('is not disturbed by a second one on the same data, which says so and ends', async () => {
      for (const args of [[], ['--reset']])
        await refuses(await place().start({ args }), /already \(process \d+\).*DATA_DIR/);
      await isReady(first);
    });

    it('says in one line which option it does not know, or cannot read', async () => {
      await refuses(await place().start({ args: ['--sed', '7'] }), /--sed.*--seed N/);
      await refuses(await place().start({ args: ['--seed', 'seven'] }), /--seed seven is no whole number/);
      await refuses(await place().start({ env: { PORT: 'abc' } }), /^PORT=abc: a port is a whole number/);
      const theirs = { DATABASE_URL: 'postgres://127.0.0.1:9/theirs', DATA_DIR: join(place().dataDir, 'other') };
      await refuses(await place().start({ args: ['--reset'], env: theirs }), /DATABASE_URL.*leave --reset out/);
    });

    it('ends with every process that it started at Ctrl-C, also when it is pressed twice', async () => {
      const { dataDir, noneLeft } = place();
      const pids = processesOf(dataDir);
      assert.ok(pids.includes(postmasterOf(dataDir)) && pids.length > 4, 'npm, launcher, sandbox, hub, database');
      void first.interrupt();
      await sleep(50);
      await first.interrupt();
      await noneLeft();
      assert.deepEqual(pids.filter(lives), []);
    });

    it('ends with npm when a supervisor ends npm', async () => {
      const ran = await place().start({ direct: undefined });
      await ran.address('The desk');
      process.kill(ran.pid, 'SIGTERM');
      await place().noneLeft();
    });
  });

  describe('on a port that is taken', () => {
    for (const [name, of] of [
      ['PORT', 'the hub'],
      ['SANDBOX_SALESFORCE_PORT', 'a stand-in'],
    ] as const)
      it(`names the port of ${of}, and what to do, and leaves no process`, async () => {
        const squatter = createServer();
        await new Promise<void>((resolve) => squatter.listen(0, '127.0.0.1', resolve));
        const { port } = squatter.address() as AddressInfo;
        try {
          const ran = await place().start({ env: { [name]: String(port) } });
          await refuses(
            ran,
            new RegExp(`^Port (127\\.0\\.0\\.1:)?${port} is taken: stop what uses it, or set ${name}\\b`),
          );
          assert.deepEqual(processesOf(place().dataDir), []);
        } finally {
          await new Promise((resolve) => squatter.close(resolve));
        }
      });
  });

  describe('with a database and a queue of one’s own', () => {
    it('makes none in its folder, and is as ready', async () => {
      const { dataDir, start, noneLeft } = place();
      const { ownerUrl, appUrl } = await freshDatabase();
      const { TEST_REDIS_URL } = process.env;
      const servers = { DATABASE_URL: appUrl, DATABASE_OWNER_URL: ownerUrl };
      const own = join(dataDir, 'own-servers');
      const env = { ...servers, DATA_DIR: own, ...(TEST_REDIS_URL && { REDIS_URL: TEST_REDIS_URL }) };
      const ran = await start({ env });
      await ran.address('The desk');
      await isReady(ran);
      assert.equal(existsSync(join(own, 'postgres')), false);
      assert.equal(await ran.interrupt(), 0);
      await noneLeft();
    });
  });

  describe('with another seed, and after a kill', () => {
    let again: Launched;

    it('asks for --reset where data is there, and changes nothing', async () => {
      await refuses(await place().start({ args: ['--seed', '7'] }), /--seed 1.*--reset.*--seed 7/);
      assert.deepEqual(processesOf(place().dataDir), []);
      // An address that is left blank is none.
      again = await place().start({ env: { HUBSPOT_BASE_URL: '' } });
      assert.deepEqual(await companies(again), names);
      assert.ok(names.length >= 30);
    });

    it('begins afresh with other data at --reset', async () => {
      const token = (): string => readFileSync(join(place().dataDir, 'api-token'), 'utf8');
      const before = token();
      await (await person(again)).create('companies', { name: 'Of the first world' });
      assert.equal(await again.interrupt(), 0);
      again = await place().start({ args: ['--seed', '7', '--reset'] });
      const now = await companies(again);
      assert.ok(now.length >= 30 && !now.includes('Of the first world'));
      assert.ok(now.filter((name) => names.includes(name)).length < now.length / 2, 'another world');
      assert.notEqual(token(), before);
    });

    it('is killed: what it started ends by itself, and the next start, at once and on the same ports, goes on from there', async () => {
      const { dataDir, start, noneLeft } = place();
      await (await person(again)).create('companies', { name: 'Kept' });
      const pids = processesOf(dataDir);
      const database = postmasterOf(dataDir);
      const port = async (part: string): Promise<string> => new URL(await again.address(part)).port;
      const env = {
        PORT: new URL(again.hub).port,
        SANDBOX_HUBSPOT_PORT: await port('HubSpot'),
        SANDBOX_SALESFORCE_PORT: await port('Salesforce'),
      };
      // One of them is slow to end, and holds its ports until then.
      const slow = processesOf(join('sandbox', 'main.ts')).filter((pid) => pids.includes(pid));
      assert.ok(slow.length > 0);
      for (const pid of slow) process.kill(pid, 'SIGSTOP');
      await again.kill();
      again = await start({ env });
      await sleep(1_500);
      for (const pid of slow) process.kill(pid, 'SIGCONT');
      assert.ok((await companies(again)).includes('Kept'));
      await isReady(again);
      // The database alone stays, for the next start to take over.
      assert.equal(postmasterOf(dataDir), database);
      const ofDatabase = processesOf(join(dataDir, 'postgres', 'cluster'));
      assert.deepEqual(
        pids.filter((pid) => lives(pid) && !ofDatabase.includes(pid)),
        [],
      );
      assert.equal(await again.interrupt(), 0);
      await noneLeft();
    });
  });
});

describe('flow: npm start, cut off', function () {
  this.timeout(120_000);
  const place = useLauncher();
  const cluster = (): string => join(place().dataDir, 'postgres', 'cluster');
  /** The moments at which it is cut off on a fresh folder: the database's files are half-made; the database runs, the hub does not yet. */
  const moments = {
    'while the database is made': () =>
      readdirSync(join(cluster(), '..')).some((name) => name.startsWith('cluster.new')),
    'while the database starts': () => existsSync(join(cluster(), 'postmaster.pid')),
  };

  for (const [name, reached] of Object.entries(moments)) {
    it(`leaves no process at Ctrl-C ${name}`, async () => {
      const { dataDir, start, noneLeft } = place();
      const ran = await start();
      await eventually(() => assert.ok(reached()), 20_000);
      assert.equal(await ran.interrupt(), 0);
      assert.doesNotMatch(ran.said(), /is ready/);
      assert.equal(ran.errors(), '');
      await noneLeft();
      rmSync(join(dataDir, 'postgres'), { recursive: true });
    });

    it(`starts on what a kill left behind ${name}`, async () => {
      const { dataDir, start, noneLeft } = place();
      const ran = await start();
      await eventually(() => assert.ok(reached()), 20_000);
      await ran.kill();
      const next = await start();
      await next.address('The desk');
      await isReady(next);
      assert.equal(await next.interrupt(), 0);
      assert.equal(next.errors(), '');
      await noneLeft();
      rmSync(join(dataDir, 'postgres'), { recursive: true });
    });
  }

  it('says what to do where its files are damaged, and --reset helps', async () => {
    const { dataDir, start, noneLeft } = place();
    const whole = await start();
    await whole.address('The desk');
    assert.equal(await whole.interrupt(), 0);
    const passwords = join(dataDir, 'postgres', 'server.json');
    const kept = readFileSync(passwords, 'utf8');
    truncateSync(passwords);
    await refuses(await start(), /server\.json.*--reset/);
    writeFileSync(passwords, kept);
    truncateSync(join(cluster(), 'global', 'pg_control'));
    await refuses(await start(), /did not start.*--reset/);
    const fresh = await start({ args: ['--reset'] });
    await fresh.address('The desk');
    await isReady(fresh);
    assert.equal(await fresh.interrupt(), 0);
    await noneLeft();
  });
});
