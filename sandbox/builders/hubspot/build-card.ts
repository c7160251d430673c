import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { remoteBuild } from '@hubspot/ui-extensions-dev-server/build';
import { build } from 'vite';

const here = import.meta.dirname;

interface CardMeta {
  uid: string;
  config: { name: string; location: string; entrypoint: string; objectTypes: string[] };
}

/**
 * Bundles the deal card of a HubSpot developer project as an upload does, and the host that shows it.
 * Reads `--project`; writes `card.js` (the official bundle), `card.json` (its name), `host.js` and `worker.js` to `--out`.
 */
async function buildProject(project: string, out: string): Promise<void> {
  const { uid, config, entry } = findDealCard(project);
  const root = dirname(entry);
  const work = mkdtempSync(join(tmpdir(), 'hubspot-card-'));
  try {
    await remoteBuild({ root, entryPoint: entry, outputDir: work, logLevel: 'warn', appConfig: {} });
    const bundle = readdirSync(work).find((name) => name.endsWith('.js'));
    if (!bundle) throw new Error(`HubSpot's bundler wrote no bundle for ${relative(project, entry)}.`);
    const code = readFileSync(join(work, bundle));
    await bundleHost('host', work);
    await bundleHost('worker', work);
    mkdirSync(out, { recursive: true });
    for (const name of ['host.js', 'worker.js']) copyFileSync(join(work, name), join(out, name));
    writeFileSync(join(out, 'card.json'), JSON.stringify({ uid, name: config.name }));
    writeFileSync(join(out, 'card.js'), code);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** The project's one card for a tab of the deal's record page, with its entry file. */
function findDealCard(project: string): CardMeta & { entry: string } {
  const manifest = join(project, 'hsproject.json');
  if (!existsSync(manifest))
    throw new Error(`${project} has no hsproject.json: give --project the HubSpot project's folder.`);
  const { srcDir } = JSON.parse(readFileSync(manifest, 'utf8')) as { srcDir: string };
  const cards = join(project, srcDir, 'app', 'cards');
  const found = readdirSync(cards)
    .filter((name) => name.endsWith('-hsmeta.json'))
    .map((name) => JSON.parse(readFileSync(join(cards, name), 'utf8')) as CardMeta)
    .find(({ config }) => config.location === 'crm.record.tab' && config.objectTypes.includes('deals'));
  if (!found)
    throw new Error(`${cards} has no card for a tab of the deal page (location crm.record.tab, objectTypes deals).`);
  const entry = join(project, srcDir, found.config.entrypoint);
  if (!existsSync(entry))
    throw new Error(`The card ${found.uid} names the entry ${found.config.entrypoint}, which does not exist.`);
  return { ...found, entry };
}

async function bundleHost(name: 'host' | 'worker', out: string): Promise<void> {
  await build({
    configFile: false,
    root: here,
    logLevel: 'warn',
    define: { 'process.env.NODE_ENV': '"production"' },
    build: {
      lib: {
        entry: join(here, 'host', `${name}.${name === 'host' ? 'tsx' : 'ts'}`),
        formats: ['iife'],
        name,
        fileName: () => `${name}.js`,
      },
      outDir: out,
      emptyOutDir: false,
    },
  });
}

const { values } = parseArgs({ options: { project: { type: 'string' }, out: { type: 'string' } } });
try {
  if (!values.project || !values.out) throw new Error('Usage: build-card.ts --project DIR --out DIR');
  await buildProject(resolve(values.project), resolve(values.out));
} catch (error) {
  process.stderr.write(`The HubSpot card was not built: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
