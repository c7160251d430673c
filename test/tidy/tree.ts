import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';

export const root = join(import.meta.dirname, '..', '..');

const foreign = new Set(['node_modules', 'dist', '.git', '.sf', '.sfdx']);
const texts = new Set(
  '.cls .css .graphql .html .js .json .md .mjs .mmd .proto .sh .sql .ts .tsx .txt .xml .yaml .yml'.split(' '),
);

/** Every text file of the repository by its path from the root, packages and state left out. */
export function listFiles(folder = ''): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .flatMap((entry) => {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (foreign.has(entry.name) || entry.name.startsWith('.data')) return [];
      if (entry.isDirectory()) return listFiles(path);
      return entry.isFile() && isText(path) ? [path] : [];
    })
    .sort();
}

export function readText(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

export function readJson(path: string): unknown {
  return JSON.parse(readText(path));
}

function isText(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return texts.has(extname(name)) || name.startsWith('.') || !name.includes('.');
}
