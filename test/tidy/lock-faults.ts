interface LockEntry {
  version?: string;
  resolved?: string;
  link?: boolean;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
  peerDependenciesMeta?: Record<string, { optional?: boolean }>;
}

export interface Lock {
  packages: Record<string, LockEntry>;
}

export type Manifest = Pick<LockEntry, 'dependencies' | 'devDependencies' | 'optionalDependencies'> & {
  overrides?: Record<string, string>;
};

/** What keeps a lock file from installing the same packages everywhere. */
export function lockFaults(manifest: Manifest, { packages }: Lock): string[] {
  const own = packages['']!;
  const asked = (from: LockEntry): Record<string, string> => ({
    ...from.devDependencies,
    ...from.optionalDependencies,
    ...from.dependencies,
  });
  const drifted = [...new Set(Object.keys({ ...asked(manifest), ...asked(own) }))]
    .filter((name) => asked(manifest)[name] !== asked(own)[name])
    .map((name) => `${name} is not locked as the package file asks`);
  const missing = Object.entries(packages).flatMap(([path, entry]) =>
    required(entry)
      .filter((name) => !isFound(packages, path, name))
      .map((name) => `${name}, which ${path || 'the package'} needs, is missing`),
  );
  const bound = Object.entries(packages)
    .filter(([, entry]) => entry.resolved?.startsWith('http'))
    .map(([path]) => `${path} is bound to one registry's address`);
  return [...drifted, ...missing, ...bound];
}

/** Versions that are no exact version. */
export function loosePins(manifest: Manifest): string[] {
  const { dependencies, devDependencies, optionalDependencies, overrides } = manifest;
  return Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies, ...overrides })
    .filter(([, version]) => !/^\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(version))
    .map(([name, version]) => `${name} ${version}`);
}

/** Optional packages too: `npm ci` refuses a lock file that does not hold them for every platform. */
function required(entry: LockEntry): string[] {
  const peers = Object.keys(entry.peerDependencies ?? {}).filter(
    (name) => !entry.peerDependenciesMeta?.[name]?.optional,
  );
  return [...Object.keys({ ...entry.dependencies, ...entry.optionalDependencies, ...entry.devDependencies }), ...peers];
}

/** As Node looks for a package: in the package's own folder, then in each one above. */
function isFound(packages: Record<string, LockEntry>, from: string, name: string): boolean {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    const path = folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`;
    if (path in packages) return true;
    if (folder === '') return false;
  }
}
