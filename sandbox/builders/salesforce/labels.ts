import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Label texts by language (`en`, `de`), then by label name. */
export type Labels = Record<string, Record<string, string>>;

const entities: Record<string, string> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };

/**
 * Custom labels of a Lightning project and their translations, from `labels/CustomLabels.labels-meta.xml` (the master
 * language is English) and `translations/<language>.translation-meta.xml` (Metadata API: CustomLabels, Translations).
 */
export function readLabels(project: string): Labels {
  const source = join(project, 'force-app', 'main', 'default');
  const labels: Labels = { en: entries(join(source, 'labels', 'CustomLabels.labels-meta.xml'), 'fullName', 'value') };
  const translations = join(source, 'translations');
  const suffix = '.translation-meta.xml';
  for (const file of existsSync(translations) ? readdirSync(translations) : []) {
    if (!file.endsWith(suffix)) continue;
    labels[file.slice(0, -suffix.length)] = entries(join(translations, file), 'name', 'label');
  }
  return labels;
}

function entries(file: string, nameTag: string, textTag: string): Record<string, string> {
  const found: Record<string, string> = {};
  if (!existsSync(file)) return found;
  for (const [, block] of readFileSync(file, 'utf8').matchAll(
    /<(?:labels|customLabels)>(.*?)<\/(?:labels|customLabels)>/gs,
  )) {
    const name = tag(block ?? '', nameTag);
    const text = tag(block ?? '', textTag);
    if (name !== undefined && text !== undefined) found[name] = text;
  }
  return found;
}

function tag(block: string, name: string): string | undefined {
  const [, text] = new RegExp(`<${name}>(.*?)</${name}>`, 's').exec(block) ?? [];
  return text?.replace(/&(lt|gt|quot|apos|amp);/g, (_, entity: string) => entities[entity] ?? '');
}
