import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ChildProcesses } from './child-process.ts';

/** Brings a folder's packages up to its lock file; does nothing when they were installed from the same one. */
export async function installPackages(folder: string, processes: ChildProcesses): Promise<void> {
  const lock = await readFile(join(folder, 'package-lock.json'));
  const wanted = createHash('sha256').update(lock).digest('hex');
  const stamp = join(folder, 'node_modules', '.installed');
  const installed = await readFile(stamp, 'utf8').catch(() => undefined);
  if (installed === wanted) return;
  await processes.run('npm', ['ci', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'], folder);
  await writeFile(stamp, wanted);
}
