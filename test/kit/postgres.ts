import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { migrateQueue } from '../../hub/queue.ts';
import { migrate } from '../../hub/store/migrate.ts';
import type { EmbeddedPostgres } from '../../scripts/postgres/launch.ts';
import { removePostgres, startPostgres } from '../../scripts/postgres/launch.ts';

export interface FreshDatabase {
  /** The owner's login, for what only the owner may look at. */
  ownerUrl: string;
  /** The hub's login. */
  appUrl: string;
}

const prefix = `rapport-test-postgres-`;
const template = 'rapport_template';
let server: Promise<EmbeddedPostgres & { dataDir: string }> | undefined;

/** A migrated, empty database, with the queue's schema, of its own on this test run's embedded server, which ends with the run. */
export async function freshDatabase(): Promise<FreshDatabase> {
  server ??= start();
  const { ownerUrl, appUrl } = await server;
  const name = `rapport_${randomBytes(6).toString('hex')}`;
  await asOwner(ownerUrl, `create database ${name} template ${template}`);
  return { ownerUrl: withDatabase(ownerUrl, name), appUrl: withDatabase(appUrl, name) };
}

/** Empties every table. Quicker than another database. */
export async function emptyTables({ ownerUrl }: FreshDatabase): Promise<void> {
  await asOwner(
    ownerUrl,
    `do $$ begin
       execute (select 'truncate ' || string_agg(quote_ident(relname), ', ') from pg_class
         where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition
           and relname <> 'migration');
     end $$`,
  );
}

async function start(): Promise<EmbeddedPostgres & { dataDir: string }> {
  await sweep();
  const dataDir = mkdtempSync(join(tmpdir(), `${prefix}${process.pid}-`));
  const started = await startPostgres({ dataDir, disposable: true });
  await asOwner(started.ownerUrl, `create database ${template}`);
  const appRole = new URL(started.appUrl).username;
  const ownerUrl = withDatabase(started.ownerUrl, template);
  await migrate({ ownerUrl, appRole });
  await migrateQueue({ ownerUrl, appRole });
  return { ...started, dataDir };
}

/** Ends what killed test runs left behind. */
async function sweep(): Promise<void> {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(prefix))) {
    const pid = Number(name.slice(prefix.length).split('-')[0]);
    if (isAlive(pid)) continue;
    const dataDir = join(tmpdir(), name);
    await removePostgres({ dataDir });
    rmSync(dataDir, { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function asOwner(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(sql);
  await client.end();
}

function withDatabase(url: string, name: string): string {
  const other = new URL(url);
  other.pathname = `/${name}`;
  return other.href;
}

after(async function () {
  // A run of many databases leaves tens of thousands of files.
  this.timeout(120_000);
  const running = await server?.catch(() => undefined);
  if (!running) return;
  server = undefined;
  await running.stop();
  rmSync(running.dataDir, { recursive: true, force: true });
});
