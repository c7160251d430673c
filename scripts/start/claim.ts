import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
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
  const lock = await hold(dataDir, () => read(file)[0]?.pid);
  const [, ...children] = read(file);
  for (const child of children) await untilEnded(child);
  const ours: Started[] = [{ pid: process.pid, script: launcher }];
  const write = (): void => {
    writeFileSync(`${file}.new`, JSON.stringify(ours));
    renameSync(`${file}.new`, file);
  };
  write();
  return {
    add(pid, script) {
      ours.push({ pid, script });
      write();
    },
    release() {
      rmSync(file, { force: true });
      lock.close();
    },
  };
}

/** A name that the system gives to one process at a time, and takes back at its end, however it ends. */
async function hold(dataDir: string, holder: () => number | undefined): Promise<Server> {
  const name = createHash('sha256').update(realpathSync(dataDir)).digest('hex').slice(0, 32);
  const server = createServer().unref();
  server.listen(`\0rapport-launcher-${name}`);
  try {
    await once(server, 'listening');
    return server;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    const pid = holder();
    throw new Invalid(
      `Rapport runs on ${dataDir} already${pid === undefined ? '' : ` (process ${pid})`}.`,
      'Stop that one with Ctrl-C, or set DATA_DIR to another folder.',
      error,
    );
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
