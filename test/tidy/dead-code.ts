import type { Source } from './source.ts';

/**
 * Files that nothing leads to: not imported, and not named in a string, by any file that an entry leads to. A page's script,
 * a worker and a build's script are loaded by their names.
 */
export function deadFiles(sources: readonly Source[], isEntry: (path: string) => boolean): string[] {
  const byPath = new Map(sources.map((source) => [source.path, source]));
  const alive = new Set(sources.filter(({ path }) => isEntry(path)).map(({ path }) => path));
  for (const path of alive) {
    const source = byPath.get(path);
    if (!source) continue;
    for (const { target } of source.imports) if (target) alive.add(target);
    const room = path.split('/')[0]!;
    for (const other of byPath.keys())
      if (!alive.has(other) && other.startsWith(`${room}/`) && isNamed(other, source)) alive.add(other);
  }
  return sources.map(({ path }) => path).filter((path) => !alive.has(path));
}

function isNamed(path: string, by: Source): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const stem = name.slice(0, name.lastIndexOf('.'));
  return [...by.strings].some((text) => text === name || text.endsWith(`/${name}`) || text === stem);
}

/**
 * Exports that no other file takes. A type also counts as used where its own file names it again: it is part of the shape of
 * something that is taken. A file that nobody imports is loaded by its name, and whoever loads it so takes what it exports.
 */
export function unusedExports(sources: readonly Source[]): string[] {
  const taken = new Map<string, Set<string>>();
  for (const { imports } of sources)
    for (const { target, names } of imports) {
      if (!target) continue;
      const known = taken.get(target) ?? new Set();
      for (const name of names) known.add(name);
      taken.set(target, known);
    }
  return sources.flatMap(({ path, exports, names }) => {
    const known = taken.get(path);
    if (!known || known.has('*')) return [];
    return exports
      .filter(({ name, isType }) => !known.has(name) && !(isType && (names.get(name) ?? 0) > 1))
      .map(({ name }) => `${path}: ${name}`);
  });
}
