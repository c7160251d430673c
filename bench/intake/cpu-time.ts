import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts CPU time in hundredths of a second (proc(5): USER_HZ). */
const tick_s = 0.01;

/** CPU seconds that a process used so far, with those of its children that have ended (proc(5): stat). */
export function cpuSeconds(pid: number): number {
  const [, , , , , , , , , , , user = 0, system = 0, endedUser = 0, endedSystem = 0] = statOf(pid).map(Number);
  return (user + system + endedUser + endedSystem) * tick_s;
}

/** The same of a process and its children: a database server with its connections. */
export function familyCpuSeconds(parent: number): number {
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => parentOf(pid) === parent);
  return [parent, ...children].reduce((sum, pid) => sum + cpuSeconds(pid), 0);
}

export function parentOf(pid: number): number | undefined {
  try {
    return Number(statOf(pid)[1]);
  } catch {
    // It ended meanwhile.
    return undefined;
  }
}

/** The fields after the name, which may hold spaces: the first is the state. */
function statOf(pid: number): string[] {
  const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
  return text.slice(text.lastIndexOf(')') + 2).split(' ');
}
