import { execFile } from 'node:child_process';
import { join } from 'node:path';

/** Runs the `rapport` command as a person would, and answers what it said. */
export function rapport(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<{ code: number; stdout: string; stderr: string }> {
  const script = join(import.meta.dirname, '..', '..', 'scripts', 'rapport.mjs');
  // Nothing of this process's own settings: only what the test gives.
  const { PATH = '', HOME = '' } = process.env;
  return new Promise((resolve) => {
    execFile(process.execPath, [script, ...args], { env: { PATH, HOME, ...env } }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code ?? 1) : 0, stdout, stderr }),
    );
  });
}
