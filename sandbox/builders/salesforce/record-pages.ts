import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Components of the project by the object on whose record page they stand. */
export type RecordPages = Record<string, string[]>;

/** What the project's Lightning record pages show of its own components (Metadata API: FlexiPage). */
export function readRecordPages(project: string, components: ReadonlySet<string>): RecordPages {
  const folder = join(project, 'force-app', 'main', 'default', 'flexipages');
  const pages: RecordPages = {};
  for (const file of existsSync(folder) ? readdirSync(folder) : []) {
    const xml = readFileSync(join(folder, file), 'utf8');
    const objectName = /<sobjectType>(\w+)<\/sobjectType>/.exec(xml)?.[1];
    if (!objectName || !xml.includes('<type>RecordPage</type>')) continue;
    const names = [...xml.matchAll(/<componentName>(?:c:)?(\w+)<\/componentName>/g)].map(([, name]) => name ?? '');
    pages[objectName] = [...(pages[objectName] ?? []), ...names.filter((name) => components.has(name))];
  }
  return pages;
}

/** The bundle's entry: `pages[object]` lists what to show, each with `create(recordId)` giving an element. */
export function entrySource(pages: RecordPages): string {
  const names = [...new Set(Object.values(pages).flat())];
  const imports = names.map((name) => `import ${name} from 'c/${name}';`);
  const creators = names.map(
    (name) =>
      `  ${name}: { name: '${name}', create: (recordId) => Object.assign(createElement('${tagName(name)}', { is: ${name} }), { recordId }) },`,
  );
  return `import '@lwc/synthetic-shadow';
import { createElement } from 'lwc';
${imports.join('\n')}
const components = {
${creators.join('\n')}
};
const pageComponents = ${JSON.stringify(pages)};
export const pages = Object.fromEntries(
  Object.entries(pageComponents).map(([objectName, names]) => [objectName, names.map((name) => components[name])]),
);
`;
}

/** `rapportDeal` is `c-rapport-deal` (LWC guide: component bundle names). */
function tagName(component: string): string {
  return `c-${component.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
