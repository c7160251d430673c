import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'rollup';
import { transpile } from './transpile.ts';
import type { Labels } from './labels.ts';

const runtime = join(import.meta.dirname, 'runtime');
/** Ids that start with NUL are left alone by the plugins of others (Rollup docs: virtual modules). */
const mark = '\0platform:';

const runtimeFiles: Record<string, string> = {
  'lightning/uiRecordApi': 'ui-record-api.ts',
  'lightning/platformShowToastEvent': 'show-toast-event.ts',
  'sandbox/apex': 'apex.ts',
};

const pageValues: Record<string, string> = {
  '@salesforce/user/Id': 'userId',
  '@salesforce/i18n/lang': 'language',
  '@salesforce/i18n/locale': 'locale',
  '@salesforce/i18n/timeZone': 'timeZone',
};

/** Gives the modules that exist only inside Salesforce, in terms of the page (`PageHost`) and its public APIs. */
export function platformModules(labels: Labels): Plugin {
  return {
    name: 'platform-modules',
    resolveId(id) {
      const known = id in runtimeFiles || id in pageValues || /^@salesforce\/(apex\/|label\/c\.)/.test(id);
      return known || id === 'sandbox/labels' ? mark + id : undefined;
    },
    load(id) {
      return id.startsWith(mark) ? source(id.slice(mark.length), labels) : undefined;
    },
  };
}

function source(id: string, labels: Labels): string {
  const file = runtimeFiles[id];
  if (file) return transpile(readFileSync(join(runtime, file), 'utf8'));
  const value = pageValues[id];
  if (value) return `export default globalThis.sandboxPage.${value};`;
  if (id === 'sandbox/labels') {
    return `const labels = ${JSON.stringify(labels)};
export const texts = { ...labels.en, ...labels[globalThis.sandboxPage.language] };`;
  }
  const [, space, name] = /^@salesforce\/([a-z]+)\/(.+)$/.exec(id) ?? [];
  if (space === 'label') return labelSource(name?.replace(/^c\./, '') ?? '', labels);
  return apexSource(name ?? '');
}

function labelSource(name: string, labels: Labels): string {
  if (labels['en']?.[name] === undefined)
    throw new Error(`The label ${name} is not in labels/CustomLabels.labels-meta.xml: add it there.`);
  return `import { texts } from 'sandbox/labels';
export default texts.${name};`;
}

function apexSource(name: string): string {
  const [className, method] = name.split('.');
  return `import { apexMethod } from 'sandbox/apex';
export default apexMethod(${JSON.stringify(className)}, ${JSON.stringify(method)});`;
}
