import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Invalid } from '../../protocol/errors.ts';
import { processRuns } from '../process-runs.ts';

/** A process that was started, and the script it runs. */
interface Started {
  pid: number;
  script: string;
}

export interface Claim {
  /** A process that is started for it, so that a successor of ours, if we are killed, can wait for its end. */
  add(pid: number, script: string): void;
  release(): void;
}

const patience_ms = 15_000;
const launcher = 'start.ts';

/**
 * Takes a data directory for this launcher alone. After a killed predecessor it waits until the processes that one started
 * have ended: they do so by themselves, and hold the ports until then. Throws Invalid when another launcher runs on it.
 */
export async function claimData(dataDir: string): Promise<Claim> {
  mkdirSync(dataDir, { recursive: true });
  const file = join(dataDir, 'launcher.json');
  const ours: Started[] = [{ pid: process.pid, script: launcher }];
  while (!take(file, ours)) {
    const [holder, ...children] = read(file);
    if (holder && processRuns(holder.pid, holder.script))
      throw new Invalid(
        `Rapport runs on ${dataDir} already (process ${holder.pid}).`,
        'Stop that one with Ctrl-C, or set DATA_DIR to another folder.',
      );
    for (const child of children) await untilEnded(child);
    rmSync(file, { force: true });
  }
  return {
    add(pid, script) {
      ours.push({ pid, script });
      writeFileSync(`${file}.new`, JSON.stringify(ours));
      renameSync(`${file}.new`, file);
    },
    release: () => rmSync(file, { force: true }),
  };
}

function take(file: string, ours: readonly Started[]): boolean {
  try {
    writeFileSync(file, JSON.stringify(ours), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Empty where a kill cut the file off: then nothing was started yet. */
function read(file: string): Started[] {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Started[];
  } catch {
    return [];
  }
}

async function untilEnded({ pid, script }: Started): Promise<void> {
  for (let waited_ms = 0; processRuns(pid, script); waited_ms += 20) {
    if (waited_ms > patience_ms)
      throw new Invalid(`Process ${pid} of an earlier start does not end.`, 'End it, then start again.');
    await sleep(20);
  }
}
