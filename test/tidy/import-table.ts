/**
 * Who may import whom (ARCHITECTURE.md has the picture). A room is a folder, or a file where the file stands alone.
 * Within a room all may import all; what a room may import beyond itself is listed. All arrows point down.
 */
const engine = ['hub/inbound', 'hub/sync', 'hub/runs', 'hub/view', 'hub/workflow', 'hub/conversation'];
const product = [
  'protocol',
  'mappings',
  'connectors/*',
  'jobs/*',
  'hub/store',
  'hub/budget',
  'hub/queue',
  'hub/http',
  ...engine,
];

const table: Readonly<Record<string, readonly string[]>> = {
  protocol: [],
  mappings: ['protocol'],
  'connectors/*': ['protocol'],
  'jobs/*': ['protocol'],
  'hub/store': ['protocol'],
  'hub/budget': ['protocol'],
  'hub/queue': ['protocol'],
  ...Object.fromEntries(engine.map((room) => [room, ['protocol']])),
  'hub/http': [...engine, 'protocol'],
  // The composition root: main, registry, config and the small files they are made of.
  hub: product,
  'hub/cli': ['hub', ...product],
  sandbox: [],
  'crm-apps/*': [],
  scripts: ['hub', 'hub/cli', 'sandbox', ...product],
  bench: ['hub', 'hub/cli', 'sandbox', 'scripts', ...product],
  test: ['hub', 'hub/cli', 'sandbox', 'scripts', 'bench', 'crm-apps/*', ...product],
};

/** The room of a file, as the table names it and as it is called. */
export function roomOf(path: string): { row: string; name: string } | undefined {
  const [first = '', second = '', ...deeper] = path.split('/');
  const isFolder = deeper.length > 0;
  if (first === 'hub') {
    if (second === 'queue.ts') return { row: 'hub/queue', name: 'hub/queue' };
    const name = isFolder ? `hub/${second}` : 'hub';
    return name in table ? { row: name, name } : undefined;
  }
  if (`${first}/*` in table) return isFolder ? { row: `${first}/*`, name: `${first}/${second}` } : undefined;
  return first in table && second !== '' ? { row: first, name: first } : undefined;
}

/** Why `from` must not import `to`; undefined where it may. */
export function whyForbidden(from: string, to: string): string | undefined {
  const [source, target] = [roomOf(from), roomOf(to)];
  if (!source) return 'stands in no room of the import table';
  if (!target) return `imports ${to}, which stands in no room of the import table`;
  if (source.name === target.name || table[source.row]?.includes(target.row)) return undefined;
  return `is in ${source.name}, which must not import ${target.name} (${to})`;
}

/**
 * Packages that one room alone knows, so that they can be changed there alone. The sandbox, the tests and the scripts are
 * no part of the product and are not bound by it.
 */
export const fences: readonly { packages: RegExp; rooms: readonly string[] }[] = [
  { packages: /^bullmq$/, rooms: ['hub/queue'] },
  { packages: /^ioredis$/, rooms: ['hub/queue', 'hub/budget'] },
  { packages: /^pg$/, rooms: ['hub/queue', 'hub/store'] },
  { packages: /^@mikro-orm\//, rooms: ['hub/store'] },
  { packages: /^(?:koa|@koa\/.+|raw-body)$/, rooms: ['hub/http'] },
  { packages: /^@hubspot\//, rooms: ['connectors/hubspot'] },
  { packages: /^(?:jsforce|avsc|@grpc\/.+)$/, rooms: ['connectors/salesforce'] },
  { packages: /^openai$/, rooms: ['connectors/openai'] },
  { packages: /^@anthropic-ai\//, rooms: ['connectors/anthropic'] },
  { packages: /^@langchain\//, rooms: ['jobs/research'] },
  { packages: /^prom-client$/, rooms: ['hub'] },
];

/** The folders whose code is the product's own; the rest helps to build, show and test it. */
export function isProduct(path: string): boolean {
  return /^(?:protocol|mappings|connectors|jobs|hub)\//.test(path);
}
