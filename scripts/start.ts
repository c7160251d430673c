import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { stringify } from 'yaml';
import { Invalid, RapportError } from '../protocol/errors.ts';
import type { SandboxPorts } from '../sandbox/start.ts';
import { startChild, type Child } from './child.ts';
import { removePostgres, startPostgres, type EmbeddedPostgres } from './postgres/launch.ts';
import { sandboxEnvironment, sandboxModel, sandboxTenants } from './sandbox-environment.ts';
import { checkPorts, unreadNames } from './start/check-environment.ts';
import { claimData, type Claim } from './start/claim.ts';
import { startOptions, type StartOptions } from './start/options.ts';
import { nextSourceChange, onSourceChange } from './start/source-changes.ts';

/*
 * `npm start`: PostgreSQL (unless DATABASE_URL names one), the sandbox (unless real CRMs are named) and the hub, each a
 * process of its own. The hub is started again when it dies. Ctrl-C stops all, in order.
 */
const said = existsSync('.env') ? Object.keys(parseEnv(readFileSync('.env', 'utf8'))) : [];
if (said.length > 0) process.loadEnvFile('.env');
const root = join(import.meta.dirname, '..');
/** Absolute: the processes that are started from here work in folders of their own. */
const dataDir = resolve(given('DATA_DIR') ?? '.data');
// What was compiled once is not compiled again: a third of a later start.
process.env['NODE_COMPILE_CACHE'] ??= join(dataDir, 'compile-cache');
const say = (text: string): void => void process.stdout.write(`${text}\n`);
const complain = (text: string): void => void process.stderr.write(text);
const running: { name: string; stop(): Promise<void> }[] = [];
let claim: Claim | undefined;
/** Aborted when all is to stop. */
const stop = new AbortController();
let stopping: Promise<void> | undefined;

const starting = start();
// Not once: npm passes on what the terminal has told us already, and people press twice.
process.on('SIGINT', () => void stopAll(0));
process.on('SIGTERM', () => void stopAll(0));
try {
  await starting;
} catch (error) {
  if (!stop.signal.aborted)
    complain(`${error instanceof RapportError ? `${error.message} ${error.remedy}` : (error as Error).message}\n`);
  await stopAll(1);
}

/** A variable of the environment; one that is left blank is not given. */
function given(name: string): string | undefined {
  return process.env[name] || undefined;
}

async function start(): Promise<void> {
  const options = startOptions(process.argv.slice(2));
  checkPorts(process.env);
  for (const name of unreadNames(said)) complain(`.env sets ${name}, which nothing reads: is it misspelt?\n`);
  claim = await claimData(dataDir);
  if (options.reset) await reset();
  const real = ['HUBSPOT_BASE_URL', 'SALESFORCE_LOGIN_URL', 'SALESFORCE_PUBSUB_URL'].some((name) => given(name));
  const hubPort = given('PORT') ?? '4000';
  const database = startDatabase();
  const sandbox = real ? Promise.resolve(undefined) : startSandbox(hubPort, options.seed);
  // Both have started or failed before anything is stopped: what came up late would be left running.
  await Promise.allSettled([database, sandbox]);
  stop.signal.throwIfAborted();
  const ports = (await sandbox)?.ready as SandboxPorts | undefined;
  const env: Record<string, string | undefined> = {
    ...(await database),
    DATA_DIR: dataDir,
    PORT: hubPort,
    LOG_LEVEL: given('LOG_LEVEL') ?? 'warn',
  };
  if (ports) {
    const file = join(dataDir, 'provision.yaml');
    writeFileSync(file, stringify(sandboxTenants(!options.observing)), { mode: 0o600 });
    chmodSync(file, 0o600);
    Object.assign(env, sandboxEnvironment(ports), { PROVISION_FILE: file });
    if (!given('OPENAI_API_KEY') && !given('ANTHROPIC_API_KEY')) Object.assign(env, sandboxModel(ports));
  }
  await keepHub(env, options);
  if (ports) {
    say(`\nRapport is ready. Look here first:\n\n  The desk      http://127.0.0.1:${ports.desk}\n`);
    say(`  Hub           http://127.0.0.1:${hubPort}`);
    say(`  HubSpot       http://127.0.0.1:${ports.hubspot}   (stand-in)`);
    say(`  Salesforce    http://127.0.0.1:${ports.salesforce}   (stand-in; events on :${ports.pubsub})`);
    say(`  Model         http://127.0.0.1:${ports.model}   (stand-in, extractive)`);
    say(`  Web, social   http://127.0.0.1:${ports.web}   (stand-in)\n`);
    say('  The card and the component are built in the background the first time; the desk shows how far they are.');
  } else {
    say(
      `\nRapport is ready at http://127.0.0.1:${hubPort}. New accounts only observe until their plan is confirmed.\n`,
    );
  }
  const near = relative(process.cwd(), dataDir);
  say(`  State is kept in ${near.startsWith('..') ? dataDir : near}. Ctrl-C stops everything.`);
}

async function reset(): Promise<void> {
  if (given('DATABASE_URL'))
    throw new Invalid(
      '--reset empties no database that DATABASE_URL names.',
      'Empty it yourself and leave --reset out, or leave DATABASE_URL out.',
    );
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

/** One of our programs; what it says besides goes to the error output. */
function program(
  path: readonly string[],
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<Child> {
  const script = join(root, ...path);
  const started = (pid: number): void => claim?.add(pid, script);
  return startChild(script, args, env, complain, { started, signal: stop.signal });
}

async function startSandbox(hubPort: string, seed: string | undefined): Promise<Child> {
  const args = [
    '--data',
    dataDir,
    '--hubspot',
    join(root, 'crm-apps', 'hubspot'),
    '--salesforce',
    join(root, 'crm-apps', 'salesforce'),
  ];
  if (seed !== undefined) args.push('--seed', seed);
  const sandbox = await program(['sandbox', 'main.ts'], args, { SANDBOX_HUB_URL: `http://127.0.0.1:${hubPort}` });
  running.push({ name: 'sandbox', stop: () => sandbox.stop() });
  return sandbox;
}

/** Starts the hub, and again when it dies. */
async function keepHub(env: Record<string, string | undefined>, options: StartOptions): Promise<void> {
  const launch = (): Promise<Child> => program(['hub', 'cli', 'main.ts'], ['serve'], env);
  let hub = await launch();
  running.push({ name: 'hub', stop: () => hub.stop() });
  if (options.watch) onSourceChange(root, () => void hub.stop());
  void (async () => {
    for (;;) {
      await hub.ended;
      if (stop.signal.aborted) return;
      say(options.watch ? 'The hub is started again.' : 'The hub ended; it is started again.');
      try {
        hub = await launch();
      } catch (error) {
        if (stop.signal.aborted) return;
        complain(`${(error as Error).message}\n`);
        if (!options.watch) return stopAll(1);
        await nextSourceChange(root);
      }
    }
  })();
}

function stopAll(code: number): Promise<void> {
  stopping ??= (async () => {
    stop.abort();
    // What is still starting is waited for: left alone it would come up and stay.
    await starting.catch(() => undefined);
    for (const one of running.toReversed())
      await one.stop().catch((error: Error) => complain(`${one.name} did not stop: ${error.message}\n`));
    claim?.release();
    process.exit(code);
  })();
  return stopping;
}
