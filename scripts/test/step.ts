import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { noCounts, type Counts } from './counts.ts';

export interface Step {
  /** What `--only` names. */
  name: string;
  title: string;
  /** Groups of packages to install first; see scripts/ensure.mjs. */
  needs?: readonly string[];
  commands: readonly Command[];
}

interface Command {
  run: readonly string[];
  /** From the repository's root. */
  folder?: string;
  /** Kept from the caller's environment although it configures a hub: given name by kept name. */
  env?: Readonly<Record<string, string | undefined>>;
  /** Mocha writes its counts itself; Node's own runner says them in its last lines. Absent: the command tests nothing by count. */
  counts?: 'mocha' | 'node';
}

const root = join(import.meta.dirname, '..', '..');
const limit_ms = 10 * 60_000;
/** What configures a hub or a sandbox: a test must not meet the machine's own. */
const configures =
  /^(?:HOST|PORT|PUBLIC_URL|DATA_DIR|ENCRYPTION_KEY|PROVISION_FILE|VENDOR_LIMITS|LOG_LEVEL|REDIS_URL|EGRESS_PROXY_URL|(?:DATABASE|SANDBOX|HUBSPOT|SALESFORCE|OPENAI|ANTHROPIC|MODEL|SEARCH|INSTAGRAM|GRAPH|RAPPORT)_.*)$/;

/** Runs a step's commands, all of them. A command that fails without a failed test counts as one failure. */
export async function runStep({ needs = [], commands }: Step): Promise<Counts[]> {
  const all = needs.length > 0 ? [{ run: ['node', 'scripts/ensure.mjs', '--with', ...needs] }, ...commands] : commands;
  const counted: Counts[] = [];
  for (const command of all) counted.push(await runCommand(command));
  return counted;
}

async function runCommand({ run, folder = '.', env = {}, counts }: Command): Promise<Counts> {
  const scratch = mkdtempSync(join(tmpdir(), 'rapport-test-run-'));
  const countsFile = join(scratch, 'counts.json');
  const { code, output } = await new Promise<{ code: number; output: string }>((resolve) => {
    const [name = '', ...args] = run;
    const child = spawn(name, args, {
      cwd: join(root, folder),
      env: { ...cleanEnvironment(), ...env, COUNTS_FILE: countsFile },
      stdio: ['ignore', counts === 'node' ? 'pipe' : 'inherit', 'inherit'],
      timeout: limit_ms,
      killSignal: 'SIGKILL',
    });
    let said = '';
    child.stdout?.on('data', (part: Buffer) => {
      process.stdout.write(part);
      said += part.toString();
    });
    child.on('error', (error) => {
      process.stderr.write(`${error.message}\n`);
      resolve({ code: 1, output: said });
    });
    child.on('close', (ended, signal) => {
      if (signal) process.stderr.write(`Ended by ${signal}: ${run.join(' ')}\n`);
      resolve({ code: ended ?? 1, output: said });
    });
  });
  const found = counts === 'mocha' ? readCounts(countsFile) : counts === 'node' ? countsOf(output) : noCounts;
  rmSync(scratch, { recursive: true, force: true });
  return code !== 0 && found.failed === 0 ? { ...found, failed: 1 } : found;
}

function cleanEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !configures.test(name)));
}

/** A run that broke off before its end has written nothing, and that is a failure. */
function readCounts(file: string): Counts {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Counts;
  } catch {
    return { ...noCounts, failed: 1 };
  }
}

function countsOf(output: string): Counts {
  const count = (name: string): number => Number(new RegExp(`^\\W+${name} (\\d+)$`, 'm').exec(output)?.[1] ?? 0);
  return { passed: count('pass'), failed: count('fail'), skipped: count('skipped') + count('todo') };
}
