import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Invalid } from '../../protocol/errors.ts';

/** Runs `work` while no other process runs it on the same lock file. A dead holder's lock is taken over. */
export async function whileAlone<T>(file: string, patience_ms: number, work: () => Promise<T>): Promise<T> {
  for (let waited_ms = 0; !take(file); waited_ms += 20) {
    if (waited_ms > patience_ms) {
      throw new Invalid(
        `Another process has been starting the database for ${patience_ms} ms.`,
        `End it, or remove ${file} if there is none.`,
      );
    }
    await sleep(20);
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

function take(file: string): boolean {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    if (existsSync(file) && !alive(Number(readFileSync(file, 'utf8')))) rmSync(file, { force: true });
    return false;
  }
}

function alive(pid: number): boolean {
  if (!(pid > 0)) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
