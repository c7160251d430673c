import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readApexMap } from '../../../../sandbox/salesforce/apex/apex-map.ts';
import { readLabels } from '../../../../sandbox/builders/salesforce/labels.ts';

const project = join(import.meta.dirname, '../../../../crm-apps/salesforce');
const classes = join(project, 'force-app/main/default/classes');

/** AuraEnabled methods as `<Class>.<method>`, with the names of their parameters. */
function auraEnabledMethods(): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const file of readdirSync(classes).filter((name) => name.endsWith('.cls'))) {
    const source = readFileSync(join(classes, file), 'utf8');
    for (const [, method, parameters] of source.matchAll(
      /@AuraEnabled(?:\([^)]*\))?\s+public static [\w<>, ]+ (\w+)\(([^)]*)\)/g,
    )) {
      const names = (parameters ?? '').split(',').filter((text) => text.trim() !== '');
      found.set(
        `${file.slice(0, -4)}.${method}`,
        names.map((text) => text.trim().split(/\s+/).at(-1) ?? ''),
      );
    }
  }
  return found;
}

describe('crm-apps/salesforce: the Apex map', () => {
  const map = readApexMap(project);
  const methods = auraEnabledMethods();

  it('names every AuraEnabled method, and no other', () => {
    assert.deepEqual(Object.keys(map).sort(), [...methods.keys()].sort());
    assert.ok(methods.size > 0);
  });

  it('has the parameters of the Apex signatures', () => {
    for (const [name, call] of Object.entries(map)) assert.deepEqual(call.parameters, methods.get(name), name);
  });

  it('calls the paths that the Apex class calls', () => {
    for (const [name, call] of Object.entries(map)) {
      const source = readFileSync(join(classes, `${name.split('.')[0]}.cls`), 'utf8');
      assert.ok(source.includes(`'${call.path}`), `${name}: ${call.path} is not in its Apex class`);
    }
  });

  it('fills templates from parameters and the user alone', () => {
    for (const [name, call] of Object.entries(map)) {
      for (const template of Object.values({ ...call.query, ...call.body })) {
        const place = /^\{([$.\w]+)\}$/.exec(template)?.[1] ?? '';
        assert.ok(place === '$User.Id' || call.parameters.includes(place), `${name}: ${template}`);
      }
    }
  });

  it('names a failure label that exists and that the Apex class uses', () => {
    const labels = readLabels(project)['en'] ?? {};
    for (const [name, call] of Object.entries(map)) {
      const source = readFileSync(join(classes, `${name.split('.')[0]}.cls`), 'utf8');
      assert.ok(labels[call.failureLabel], `${name}: ${call.failureLabel}`);
      assert.ok(source.includes(`System.Label.${call.failureLabel}`), name);
    }
  });
});
