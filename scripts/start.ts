import { chmodSync, existsSync, mkdirSync, rmSync, watch, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { stringify } from 'yaml';
import { RapportError } from '../protocol/errors.ts';
import type { SandboxPorts } from '../sandbox/start.ts';
import { startChild, type Child } from './child.ts';
import { removePostgres, startPostgres, type EmbeddedPostgres } from './postgres/launch.ts';
import { sandboxEnvironment, sandboxModel, sandboxTenants } from './sandbox-environment.ts';

/*
 * `npm start`: PostgreSQL (unless DATABASE_URL names one), the sandbox (unless real CRMs are named) and the hub, each a
 * process of its own. The hub is started again when it dies. Ctrl-C stops all, in order.
 */
const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    reset: { type: 'boolean' },
    observing: { type: 'boolean' },
    watch: { type: 'boolean' },
  },
});
if (existsSync('.env')) process.loadEnvFile('.env');
const root = join(import.meta.dirname, '..');
/** Absolute: the processes that are started from here work in folders of their own. */
const dataDir = resolve(process.env['DATA_DIR'] ?? '.data');
// What was compiled once is not compiled again: a third of a later start.
process.env['NODE_COMPILE_CACHE'] ??= join(dataDir, 'compile-cache');
const say = (text: string): void => void process.stdout.write(`${text}\n`);
const running: { name: string; stop(): Promise<void> }[] = [];
let stopping: Promise<void> | undefined;

process.once('SIGINT', () => void stopAll(0));
process.once('SIGTERM', () => void stopAll(0));

try {
  await start();
} catch (error) {
  process.stderr.write(
    `${error instanceof RapportError ? `${error.message} ${error.remedy}` : (error as Error).message}\n`,
  );
  await stopAll(1);
}

async function start(): Promise<void> {
  if (values.reset) await reset();
  mkdirSync(dataDir, { recursive: true });
  const real = process.env['HUBSPOT_BASE_URL'] !== undefined || process.env['SALESFORCE_LOGIN_URL'] !== undefined;
  const hubPort = process.env['PORT'] ?? '4000';
  const database = startDatabase();
  const sandbox = real ? Promise.resolve(undefined) : startSandbox(hubPort);
  // Both have started or failed before anything is stopped: what came up late would be left running.
  await Promise.allSettled([database, sandbox]);
  const ports = (await sandbox)?.ready as SandboxPorts | undefined;
  const env: Record<string, string | undefined> = {
    ...(await database),
    DATA_DIR: dataDir,
    PORT: hubPort,
    LOG_LEVEL: process.env['LOG_LEVEL'] ?? 'warn',
  };
  if (ports) {
    const file = join(dataDir, 'provision.yaml');
    writeFileSync(file, stringify(sandboxTenants(!values.observing)), { mode: 0o600 });
    chmodSync(file, 0o600);
    Object.assign(env, sandboxEnvironment(ports), { PROVISION_FILE: file });
    if (!process.env['OPENAI_API_KEY'] && !process.env['ANTHROPIC_API_KEY']) Object.assign(env, sandboxModel(ports));
  }
  await keepHub(env);
  if (ports) {
    say(`\nRapport is ready. Look here first:\n\n  The desk      http://127.0.0.1:${ports.desk}\n`);
    say(`  Hub           http://127.0.0.1:${hubPort}`);
    say(`  HubSpot       http://127.0.0.1:${ports.hubspot}   (stand-in)`);
    say(`  Salesforce    http://127.0.0.1:${ports.salesforce}   (stand-in; events on :${ports.pubsub})`);
    say(`  Model         http://127.0.0.1:${ports.model}   (stand-in, extractive)`);
    say(`  Web, social   http://127.0.0.1:${ports.web}   (stand-in)\n`);
  } else {
    say(
      `\nRapport is ready at http://127.0.0.1:${hubPort}. New accounts only observe until their plan is confirmed.\n`,
    );
  }
  const near = relative(process.cwd(), dataDir);
  say(`  State is kept in ${near.startsWith('..') ? dataDir : near}. Ctrl-C stops everything.`);
}

async function reset(): Promise<void> {
  await removePostgres({ dataDir });
  rmSync(join(dataDir, 'sandbox', 'seed'), { force: true });
  for (const name of ['hubspot', 'salesforce', 'pubsub', 'model', 'web', 'desk'])
    for (const ending of ['', '-wal', '-shm'])
      rmSync(join(dataDir, 'sandbox', `${name}.sqlite${ending}`), { force: true });
  for (const name of ['api-token', 'encryption-key', 'provision.yaml']) rmSync(join(dataDir, name), { force: true });
}

async function startDatabase(): Promise<Record<string, string | undefined>> {
  const { DATABASE_URL, DATABASE_OWNER_URL } = process.env;
  if (DATABASE_URL) return { DATABASE_URL, DATABASE_OWNER_URL };
  const postgres: EmbeddedPostgres = await startPostgres({ dataDir });
  running.push({ name: 'database', stop: () => postgres.stop() });
  return { DATABASE_URL: postgres.appUrl, DATABASE_OWNER_URL: postgres.ownerUrl };
}

async function startSandbox(hubPort: string): Promise<Child> {
  const args = [
    '--data',
    dataDir,
    '--hubspot',
    join(root, 'crm-apps', 'hubspot'),
    '--salesforce',
    join(root, 'crm-apps', 'salesforce'),
  ];
  if (values.seed !== undefined) args.push('--seed', values.seed);
  const sandbox = await startChild(
    join(root, 'sandbox', 'main.ts'),
    args,
    { SANDBOX_HUB_URL: `http://127.0.0.1:${hubPort}` },
    (text) => process.stderr.write(text),
  );
  running.push({ name: 'sandbox', stop: () => sandbox.stop() });
  return sandbox;
}

/** Starts the hub, and again when it dies. */
async function keepHub(env: Record<string, string | undefined>): Promise<void> {
  const launch = (): Promise<Child> =>
    startChild(join(root, 'hub', 'cli', 'main.ts'), ['serve'], env, (text) => process.stderr.write(text));
  let hub = await launch();
  running.push({ name: 'hub', stop: () => hub.stop() });
  if (values.watch) onSourceChange(() => void hub.stop());
  void (async () => {
    for (;;) {
      await hub.ended;
      if (stopping) return;
      say(values.watch ? 'The hub is started again.' : 'The hub ended; it is started again.');
      try {
        hub = await launch();
      } catch (error) {
        process.stderr.write(`${(error as Error).message}\n`);
        if (!values.watch) return stopAll(1);
        await nextChange();
      }
    }
  })();
}

/** Calls back once per burst of changes in the product's own source; the answer ends it. */
function onSourceChange(changed: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  const watchers = ['protocol', 'mappings', 'connectors', 'jobs', 'hub'].map((folder) =>
    watch(join(root, folder), { recursive: true }, () => {
      clearTimeout(timer);
      timer = setTimeout(changed, 150);
    }),
  );
  return () => {
    for (const watcher of watchers) watcher.close();
  };
}

/** A hub that does not start while it is being worked on waits for the next change. */
function nextChange(): Promise<void> {
  return new Promise((resolve) => {
    const end = onSourceChange(() => {
      end();
      resolve();
    });
  });
}

function stopAll(code: number): Promise<void> {
  stopping ??= (async () => {
    for (const one of running.toReversed())
      await one.stop().catch((error: Error) => process.stderr.write(`${one.name} did not stop: ${error.message}\n`));
    process.exit(code);
  })();
  return stopping;
}
