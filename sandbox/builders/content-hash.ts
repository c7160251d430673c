import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';

const ignored = new Set(['node_modules', 'dist', '.git']);

/** A hash over names and bytes of all files in the folders, packages left out: their lock files stand for them. */
export async function contentHash(folders: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const folder of folders) {
    for (const file of await filesIn(folder)) {
      hash.update(`${relative(folder, file)}\0`).update(await readFile(file));
    }
  }
  return hash.digest('hex');
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const found = await Promise.all(
    entries
      .filter(({ name }) => !ignored.has(name))
      .map((entry) => {
        const path = join(folder, entry.name);
        return entry.isDirectory() ? filesIn(path) : Promise.resolve([path]);
      }),
  );
  return found.flat().sort();
}
