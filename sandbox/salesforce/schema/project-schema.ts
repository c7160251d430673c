import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EntityTable } from './entity.ts';
import { owner, required, systemFields, text, type Field } from './field.ts';
import { blocks, tag } from './metadata-xml.ts';
import type { CustomSchema } from './org-schema.ts';
import { readField } from './project-fields.ts';

const objectsPath = ['force-app', 'main', 'default', 'objects'];

function readFields(folder: string): Field[] {
  const path = join(folder, 'fields');
  if (!existsSync(path)) return [];
  return readdirSync(path)
    .filter((file) => file.endsWith('.field-meta.xml'))
    .sort()
    .map((file) => readField(readFileSync(join(path, file), 'utf8'), join(path, file)));
}

function readEntity(folder: string, name: string, serial: number): EntityTable {
  const xml = readFileSync(join(folder, `${name}.object-meta.xml`), 'utf8');
  const nameField = blocks(xml, 'nameField')[0] ?? '';
  const outside = xml.replace(/<nameField>[\s\S]*<\/nameField>/, '');
  const label = tag(outside, 'label') ?? name;
  return {
    name,
    label,
    labelPlural: tag(outside, 'pluralLabel') ?? label,
    keyPrefix: `a${String(serial).padStart(2, '0')}`,
    writeable: true,
    fields: [
      ...systemFields('Record'),
      owner(),
      text('Name', 80, tag(nameField, 'label') ?? `${label} Name`, { ...required, nameField: true, idLookup: true }),
      ...readFields(folder),
    ],
  };
}

/**
 * What a DX project would deploy: custom fields of standard objects and custom objects, from
 * `force-app/main/default/objects/**`. Platform events and custom metadata types hold no rows and are left out.
 */
export function readProject(project: string): CustomSchema {
  const root = join(project, ...objectsPath);
  if (!existsSync(root)) throw new Error(`${root} is missing: give the folder of a Salesforce DX project, or none`);
  const names = readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !/__(e|mdt)$/.test(entry.name))
    .map((entry) => entry.name)
    .sort();
  const custom = names.filter((name) => name.endsWith('__c'));
  const standard = names.filter((name) => !name.endsWith('__c'));
  return {
    fields: Object.fromEntries(standard.map((name) => [name, readFields(join(root, name))])),
    entities: custom.map((name, serial) => readEntity(join(root, name), name, serial)),
  };
}
