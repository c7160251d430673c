import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../kit/eventually.ts';
import { freePort } from '../kit/free-port.ts';

const root = join(import.meta.dirname, '..', '..');
const patience_ms = 60_000;
const buildPatience_ms = 300_000;

export interface Product {
  desk: string;
  /** Resolves when card and component are built; throws with the builder's own words when one is not. */
  built(): Promise<void>;
  /** As Ctrl-C does. Gives the exit code. */
  stop(): Promise<number | null>;
}

/** `npm start` on free ports and files of its own. What was built for an earlier run is used again. */
export async function startProduct(): Promise<Product> {
  const dataDir = mkdtempSync(join(tmpdir(), 'rapport-test-product-'));
  const bundles = join(root, '.data-test', 'bundles');
  mkdirSync(bundles, { recursive: true });
  mkdirSync(join(dataDir, 'sandbox'));
  symlinkSync(bundles, join(dataDir, 'sandbox', 'bundles'));
  const free = ['HUBSPOT', 'SALESFORCE', 'PUBSUB', 'MODEL', 'WEB', 'DESK'].map((name) => [`SANDBOX_${name}_PORT`, '0']);
  const child = spawn(process.execPath, [join(root, 'scripts', 'start.ts')], {
    cwd: root,
    env: { ...process.env, ...Object.fromEntries(free), PORT: String(await freePort()), DATA_DIR: dataDir },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  let said = '';
  const listen = (text: string): string => (said += text);
  child.stdout.setEncoding('utf8').on('data', listen);
  child.stderr.setEncoding('utf8').on('data', listen);

  const stop = async (): Promise<number | null> => {
    child.kill('SIGINT');
    const code = await ended;
    rmSync(dataDir, { recursive: true, force: true });
    return code;
  };
  const desk = await untilSaid(() => said, /The desk +(http:\S+)/, child).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  return { desk, stop, built: () => untilBuilt(desk) };
}

async function untilSaid(said: () => string, pattern: RegExp, child: ChildProcess): Promise<string> {
  const found = await eventually(() => {
    const match = pattern.exec(said());
    assert.ok(match || child.exitCode !== null, 'the product does not say where to look');
    return match?.[1];
  }, patience_ms);
  return found ?? assert.fail(`The product did not start. It said:\n${said()}`);
}

async function untilBuilt(desk: string): Promise<void> {
  const builds = await eventually(async () => {
    const state = (await (await fetch(`${desk}/api/state`)).json()) as { builds: { state: string; message: string }[] };
    const open = state.builds.filter((build) => build.state !== 'ready' && build.state !== 'failed');
    assert.deepEqual(open, []);
    return state.builds;
  }, buildPatience_ms);
  const failed = builds.filter(({ state }) => state === 'failed').map(({ message }) => message);
  assert.deepEqual(failed, []);
}
