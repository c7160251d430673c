import { spawn, spawnSync } from 'node:child_process';
import {
  chownSync,
  existsSync,
  openSync,
  closeSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { Invalid } from '../../protocol/errors.ts';
import type { Account } from './account.ts';
import { processRuns } from '../process-runs.ts';
import { serverAccount } from './account.ts';
import { serverBinaries } from './binaries.ts';
import { serverHome } from './home.ts';
import { whileAlone } from './lock.ts';
import { prepare, roles } from './prepare.ts';
import type { Settings } from './settings.ts';
import { freePort, loadSettings, saveSettings } from './settings.ts';

/** Measured on two cores: enough for a workstation, small enough to be a guest on it. The bundled build has no JIT. */
const tuning = ['shared_buffers=256MB', 'max_wal_size=2GB', 'jit=off', 'timezone=UTC'];
const patience_ms = 20_000;

export interface EmbeddedPostgres {
  /** Logs in as the role that owns the schema and migrates it. */
  ownerUrl: string;
  /** Logs in as the role the hub runs as: no superuser, owns nothing, cannot bypass row-level security. */
  appUrl: string;
  stop: () => Promise<void>;
}

/**
 * Starts PostgreSQL on files in `dataDir`, or takes over the server that a killed predecessor left running on them.
 * Throws Invalid, saying what to do, when there is no build for this machine or the files cannot be used.
 */
export async function startPostgres(options: {
  dataDir: string;
  /** For tests: quicker, and not safe against a crash. */
  disposable?: boolean;
}): Promise<EmbeddedPostgres> {
  const account = serverAccount();
  const home = serverHome(options.dataDir, account);
  const cluster = join(home, 'cluster');
  const place: Place = { home, cluster, account, disposable: options.disposable ?? false };
  return whileAlone(join(home, 'launch.lock'), patience_ms, async () => {
    if (existsSync(cluster) && !existsSync(join(home, 'server.json'))) {
      throw new Invalid(
        `The database files in ${home} have lost their passwords (server.json).`,
        'Restore that file, or start afresh with `npm start -- --reset`.',
      );
    }
    const settings = await loadSettings(home);
    const running = await survivor(cluster, settings);
    if (!running) await start(place, settings);
    if (!settings.prepared) {
      await prepare(settings);
      settings.prepared = true;
      saveSettings(home, settings);
    }
    const url = (role: string, password: string): string =>
      `postgres://${role}:${password}@127.0.0.1:${settings.port}/${roles.database}`;
    return {
      ownerUrl: url(roles.owner, settings.ownerPassword),
      appUrl: url(roles.app, settings.appPassword),
      stop: () => stop(cluster, place.disposable ? ['SIGQUIT'] : ['SIGINT', 'SIGQUIT']),
    };
  });
}

/** Ends the server and removes its files, wherever they are. The next start begins afresh. */
export async function removePostgres(options: { dataDir: string }): Promise<void> {
  const home = serverHome(options.dataDir, serverAccount());
  await stop(join(home, 'cluster'), ['SIGQUIT']);
  rmSync(home, { recursive: true, force: true });
  rmSync(join(options.dataDir, 'postgres-home'), { force: true });
}

interface Place {
  home: string;
  cluster: string;
  account: Account | undefined;
  disposable: boolean;
}

async function start(place: Place, settings: Settings): Promise<void> {
  const { home, cluster, account, disposable } = place;
  const binaries = serverBinaries(account, home);
  if (!existsSync(cluster)) initialise(place, binaries, settings);
  const port = await freePort(settings.port);
  if (port !== settings.port) {
    settings.port = port;
    saveSettings(home, settings);
  }
  const logFile = join(home, 'server.log');
  const log = openSync(logFile, 'a', 0o600);
  const begin = Buffer.byteLength(readFileSync(logFile));
  const options = ['-D', cluster, '-p', String(port), '-h', '127.0.0.1', '-k', ''];
  for (const setting of disposable ? [...tuning, 'fsync=off', 'full_page_writes=off'] : tuning)
    options.push('-c', setting);
  // Detached: Ctrl-C reaches us alone, we drain our work and then stop the server.
  const server = spawn(join(binaries, 'postgres'), options, {
    cwd: home,
    detached: true,
    stdio: ['ignore', log, log],
    env: { PATH: process.env.PATH, LC_ALL: 'C' },
    ...account,
  });
  closeSync(log);
  let failure: string | undefined;
  server.once('error', (error) => (failure = error.message));
  server.once(
    'exit',
    () => (failure ??= readFileSync(logFile).subarray(begin).toString().trim() || 'it ended at once'),
  );
  server.unref();
  for (let waited_ms = 0; postmaster(cluster)?.ready !== true; waited_ms += 5) {
    if (failure !== undefined || waited_ms > patience_ms) {
      throw new Invalid(
        `The embedded database did not start: ${failure?.split('\n').at(-1) ?? `nothing after ${patience_ms} ms`}`,
        `See ${logFile}; if its files are damaged, start afresh with \`npm start -- --reset\`.`,
      );
    }
    await sleep(5);
  }
  server.removeAllListeners();
}

/** Built beside its place and moved there when complete, so that an interrupted build leaves nothing to stumble over. */
function initialise({ home, cluster, account, disposable }: Place, binaries: string, settings: Settings): void {
  for (const name of readdirSync(home).filter((entry) => entry.startsWith('cluster.new')))
    rmSync(join(home, name), { recursive: true, force: true });
  // A name of our own: the builder of a killed predecessor may still write into its half.
  const half = `${cluster}.new-${process.pid}`;
  const passwordFile = join(home, 'password');
  writeFileSync(passwordFile, settings.adminPassword, { mode: 0o600 });
  if (account) chownSync(passwordFile, account.uid, account.gid);
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const login = ['-U', roles.admin, '--auth=scram-sha-256', `--pwfile=${passwordFile}`];
  const sync = disposable ? ['--no-sync'] : [];
  const done = spawnSync(join(binaries, 'initdb'), ['-D', half, ...login, ...locale, ...sync], {
    cwd: home,
    encoding: 'utf8',
    env: { PATH: process.env.PATH, LC_ALL: 'C' },
    ...account,
  });
  rmSync(passwordFile, { force: true });
  if (done.status !== 0) {
    throw new Invalid(
      `The embedded database could not be made in ${home}: ${(done.stderr || String(done.error)).trim()}`,
      'Give the folder to this account and make room on the disk, or set DATABASE_URL and DATABASE_OWNER_URL.',
    );
  }
  renameSync(half, cluster);
}

/** A server that runs on these files already. A dead one's pid file, or one whose pid is somebody else's now, is removed. */
async function survivor(cluster: string, settings: Settings): Promise<boolean> {
  for (let waited_ms = 0; waited_ms < patience_ms; waited_ms += 20) {
    const found = postmaster(cluster);
    if (!found) return false;
    if (found.ready && (await answers({ ...settings, port: found.port }, cluster))) {
      settings.port = found.port;
      return true;
    }
    if (!processRuns(found.pid, cluster)) {
      rmSync(join(cluster, 'postmaster.pid'), { force: true });
      return false;
    }
    await sleep(20);
  }
  throw new Invalid(
    `A PostgreSQL server (process ${postmaster(cluster)?.pid}) holds ${cluster} but does not answer.`,
    'End that process, then start again.',
  );
}

async function answers(settings: Settings, cluster: string): Promise<boolean> {
  const client = new Client({
    host: '127.0.0.1',
    port: settings.port,
    user: roles.admin,
    password: settings.adminPassword,
    database: 'postgres',
    connectionTimeoutMillis: 1_000,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ data_directory: string }>('show data_directory');
    return rows[0]?.data_directory === cluster;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Reads postmaster.pid: pid, directory, start, port, ..., and the state in the eighth line (PostgreSQL's miscadmin.h). */
function postmaster(cluster: string): { pid: number; port: number; ready: boolean } | undefined {
  const file = join(cluster, 'postmaster.pid');
  if (!existsSync(file)) return undefined;
  const lines = readFileSync(file, 'utf8').split('\n');
  return { pid: Number(lines[0]), port: Number(lines[3]), ready: lines[7]?.trim() === 'ready' };
}

/** SIGINT is the fast shutdown, with everything on disk; SIGQUIT leaves it to the next start to recover. */
async function stop(cluster: string, signals: readonly ('SIGINT' | 'SIGQUIT')[]): Promise<void> {
  const found = postmaster(cluster);
  if (!found || !processRuns(found.pid, cluster)) return;
  for (const signal of signals) {
    process.kill(found.pid, signal);
    for (let waited_ms = 0; waited_ms < 10_000; waited_ms += 5) {
      if (!existsSync(join(cluster, 'postmaster.pid'))) return;
      await sleep(5);
    }
  }
}
