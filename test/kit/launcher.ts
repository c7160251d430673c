import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { eventually } from './eventually.ts';
import { freePort } from './free-port.ts';

const root = join(import.meta.dirname, '..', '..');
const patience_ms = 60_000;

export interface Launched {
  pid: number;
  hub: string;
  /** Everything it printed, and what of it went to its error output. */
  said(): string;
  errors(): string;
  /** Resolves with the address that it prints for a part, as `The desk`, when it is ready. Throws with its words when it ends before. */
  address(part: string): Promise<string>;
  /** Resolves with the exit code. */
  ended: Promise<number | null>;
  /** As Ctrl-C in a terminal: every process of the foreground group gets it. Resolves with the exit code. */
  interrupt(): Promise<number | null>;
  /** SIGKILL of the launcher alone. */
  kill(): Promise<void>;
}

export interface LaunchOptions {
  dataDir: string;
  args?: readonly string[];
  env?: Readonly<Record<string, string>>;
  /** Starts the launcher without npm, in a folder, whose `.env` it reads. */
  direct?: { folder: string } | undefined;
}

/** What an earlier run built of the CRM projects is used again: a build costs more than all else. */
function shareBundles(dataDir: string): void {
  const bundles = join(root, '.data-test', 'bundles');
  const shared = join(dataDir, 'sandbox', 'bundles');
  if (existsSync(shared)) return;
  mkdirSync(bundles, { recursive: true });
  mkdirSync(dirname(shared), { recursive: true });
  symlinkSync(bundles, shared);
}

/** Runs `npm start` on free ports. Nothing of this process's own settings reaches it: only what the test gives. */
export async function launch(options: LaunchOptions): Promise<Launched> {
  const { dataDir, args = [], env = {}, direct } = options;
  shareBundles(dataDir);
  const { PATH = '', HOME = '' } = process.env;
  const port = env['PORT'] ?? String(await freePort());
  const parts = ['HUBSPOT', 'SALESFORCE', 'PUBSUB', 'MODEL', 'WEB', 'DESK'];
  const script = join(root, 'scripts', 'start.ts');
  const [command, words] = direct ? [process.execPath, [script]] : ['npm', ['start', '--']];
  const child = spawn(command, [...words, ...args], {
    cwd: direct?.folder ?? root,
    env: {
      PATH,
      HOME,
      DATA_DIR: dataDir,
      PORT: port,
      NODE_COMPILE_CACHE: join(root, '.data-test', 'compile-cache'),
      ...Object.fromEntries(parts.map((part) => [`SANDBOX_${part}_PORT`, '0'])),
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A process group of its own, as a terminal makes one for a command.
    detached: true,
  });
  let said = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
    errors += text;
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const { pid } = child;
  assert.ok(pid, `${command} could be started`);
  const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null;
  return {
    pid,
    hub: `http://127.0.0.1:${port}`,
    said: () => said,
    errors: () => errors,
    ended,
    async address(part) {
      const pattern = new RegExp(`${part} +(http:\\S+)[^]*Ctrl-C stops everything`);
      const found = await eventually(() => {
        const match = pattern.exec(said);
        assert.ok(match ?? hasEnded(), `it does not say where to find ${part}:\n${said}`);
        return match?.[1];
      }, patience_ms);
      return found ?? assert.fail(`it ended:\n${said}`);
    },
    interrupt() {
      if (!hasEnded()) process.kill(-pid, 'SIGINT');
      return ended;
    },
    async kill() {
      child.kill('SIGKILL');
      await new Promise((resolve) => (hasEnded() ? resolve(undefined) : child.once('exit', resolve)));
    },
  };
}
