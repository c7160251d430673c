import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve, sep } from 'node:path';
import { parseArgs } from 'node:util';
import lwc from '@lwc/rollup-plugin';
import { transform } from 'esbuild';
import { rollup, type Plugin } from 'rollup';
import { iconNames, icons } from './icons.ts';
import { readLabels } from './labels.ts';
import { platformModules } from './platform-modules.ts';
import { entrySource, readRecordPages } from './record-pages.ts';
import { transpile } from './transpile.ts';

const here = import.meta.dirname;
/** Faults of the base components' own templates, not of the project (LWC1057, LWC1137), and harmless circles in the engine. */
const quietWarnings = /LWC1057|LWC1137|Circular dependency|node_modules/;

/**
 * Compiles the components of a Lightning project and bundles those on its record pages.
 * Reads `--project` (never writes there); writes `component.js` (an ES module, see `entrySource`) and `component.css` to `--out`.
 */
async function build(project: string, out: string): Promise<void> {
  const sources = join(project, 'src', 'lwc');
  if (!existsSync(sources))
    throw new Error(`${project} has no src/lwc: give --project the Lightning project's folder.`);
  const work = mkdtempSync(join(tmpdir(), 'lightning-build-'));
  try {
    const { components, used } = compileSources(sources, join(work, 'c'));
    const pages = readRecordPages(project, components);
    if (Object.keys(pages).length === 0)
      throw new Error(`No record page in ${project} shows a component: add one to flexipages/.`);
    // The module resolver wants a package above every importer, and looks there for the modules of others.
    writeFileSync(join(work, 'package.json'), JSON.stringify({ lwc: { modules: [{ dir: '.' }] } }));
    symlinkSync(join(here, 'node_modules'), join(work, 'node_modules'));
    const entry = join(work, 'c', 'entry', 'entry.js');
    mkdirSync(join(work, 'c', 'entry'));
    writeFileSync(entry, entrySource(pages));
    const bundle = await rollup({
      input: entry,
      plugins: [
        platformModules(readLabels(project)),
        icons(used, join(work, 'node_modules')),
        lwc({ rootDir: work, modules: [{ dir: work }, { npm: 'lightning-base-components' }] }),
        production(),
      ],
      onwarn: (warning) => {
        if (!quietWarnings.test(`${warning.code} ${warning.message}`)) process.stderr.write(`${warning.message}\n`);
      },
    });
    mkdirSync(out, { recursive: true });
    const { output } = await bundle.generate({ format: 'es', inlineDynamicImports: true });
    const { code } = await transform(output[0].code, { minify: true });
    writeFileSync(join(out, 'component.js'), code);
    await bundle.close();
    copyDesignSystem(out);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Copies the component folders to `target` as namespace `c`, TypeScript compiled; gives their names and the icons they name. */
function compileSources(sources: string, target: string): { components: Set<string>; used: Set<string> } {
  const components = new Set(readdirSync(sources).filter((name) => statSync(join(sources, name)).isDirectory()));
  const used = new Set<string>();
  for (const component of components) {
    const from = join(sources, component);
    cpSync(from, join(target, component), { recursive: true, filter: (path) => !path.endsWith('.ts') });
    for (const file of readdirSync(from)) {
      if (!/\.(ts|html)$/.test(file)) continue;
      const source = readFileSync(join(from, file), 'utf8');
      for (const name of iconNames(source)) used.add(name);
      if (file.endsWith('.ts')) {
        writeFileSync(join(target, component, file.replace(/\.ts$/, '.js')), transpile(source, join(component, file)));
      }
    }
  }
  return { components, used };
}

/** The engine and the base components ask for their mode in two ways; both must be answered, or the bundle dies at start. */
function production(): Plugin {
  return {
    name: 'production',
    transform: (code) => ({
      code: code.replaceAll('process.env.NODE_ENV', '"production"').replaceAll('import.meta.env.SSR', 'false'),
      map: null,
    }),
  };
}

function copyDesignSystem(out: string): void {
  const assets = join(here, 'node_modules', '@salesforce-ux', 'design-system', 'assets');
  cpSync(join(assets, 'styles', 'salesforce-lightning-design-system.min.css'), join(out, 'component.css'));
}

/** The fault in words, after the source file if the bundler names one. */
function faultOf(error: unknown): string {
  const { message = String(error), id } = error as { message?: string; id?: string };
  const file = id?.split(`${sep}c${sep}`).at(-1);
  return file === undefined ? message : `${file}: ${message}`;
}

const { values } = parseArgs({ options: { project: { type: 'string' }, out: { type: 'string' } } });
try {
  if (!values.project || !values.out) throw new Error('Usage: build-component.ts --project DIR --out DIR');
  await build(resolve(values.project), resolve(values.out));
} catch (error) {
  process.stderr.write(`The Lightning component was not built: ${faultOf(error)}\n`);
  process.exit(1);
}
