import { readdirSync, readFileSync } from 'node:fs';

interface Process {
  pid: number;
  parent: number;
  /** Command line and environment. */
  words: string;
}

/** Every living process that names a folder in its command line or environment, and all that these started. From Linux's `/proc`. */
export function processesOf(folder: string): number[] {
  const all = readdirSync('/proc').flatMap((name) => read(Number(name)) ?? []);
  const found = new Set(all.filter(({ words }) => words.includes(folder)).map(({ pid }) => pid));
  for (const pid of found) for (const one of all) if (one.parent === pid) found.add(one.pid);
  return [...found];
}

/** Whether a process lives. One that has ended and only waits for its parent to ask does not. */
export function lives(pid: number): boolean {
  return read(pid) !== undefined;
}

function read(pid: number): Process | undefined {
  if (!(pid > 0)) return undefined;
  const text = (name: string): string => readFileSync(`/proc/${pid}/${name}`, 'utf8');
  try {
    // The name before these stands in brackets and may hold anything.
    const [state, parent] = text('stat')
      .replace(/^.*\) /s, '')
      .split(' ');
    if (state === 'Z' || state === 'X') return undefined;
    return { pid, parent: Number(parent), words: text('cmdline') + environment(text) };
  } catch {
    // It ended while it was looked at.
    return undefined;
  }
}

/** Another account's is not shown to us. */
function environment(text: (name: string) => string): string {
  try {
    return text('environ');
  } catch {
    return '';
  }
}
