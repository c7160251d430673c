import { existsSync, readFileSync } from 'node:fs';

/** Whether the process lives and is the program meant, one of whose arguments ends so, and not another that was given a dead one's pid. */
export function processRuns(pid: number, argument: string): boolean {
  if (!(pid > 0)) return false;
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const commandLine = `/proc/${pid}/cmdline`;
  if (!existsSync(commandLine)) return true;
  const given = readFileSync(commandLine, 'utf8').split('\0');
  return given.some((one) => one !== '' && one.endsWith(argument));
}
