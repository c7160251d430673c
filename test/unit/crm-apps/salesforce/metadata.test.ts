import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const project = join(import.meta.dirname, '../../../../crm-apps/salesforce');
const source = join(project, 'force-app/main/default');
const files = (folder: string): string[] => readdirSync(join(source, folder));
const read = (...path: string[]): string => readFileSync(join(source, ...path), 'utf8');
const tags = (xml: string, tag: string): string[] =>
  [...xml.matchAll(new RegExp(`<${tag}>([^<]*)</${tag}>`, 'g'))].map(([, text]) => text ?? '');
const hasField = (name: string): boolean => {
  const [object = '', field = ''] = name.split('.');
  return existsSync(join(source, 'objects', object, 'fields', `${field}.field-meta.xml`));
};

/** What the conversion by Salesforce's own tools does not look at: whether what is named exists. */
describe('crm-apps/salesforce: metadata', () => {
  it('has permission sets on fields and classes that exist', () => {
    for (const file of files('permissionsets')) {
      const xml = read('permissionsets', file);
      for (const name of tags(xml, 'field')) assert.ok(hasField(name), `${file}: ${name}`);
      for (const name of tags(xml, 'apexClass')) assert.ok(existsSync(join(source, 'classes', `${name}.cls`)), name);
    }
  });

  it('lets the integration alone edit our id, and everybody read it', () => {
    const editable = (file: string): Record<string, string> => {
      const permissions = read('permissionsets', `${file}.permissionset-meta.xml`).matchAll(
        /<fieldPermissions>\s*<editable>(\w+)<\/editable>\s*<field>([\w.]+)<\/field>\s*<readable>true/g,
      );
      return Object.fromEntries([...permissions].map(([, value = '', field = '']) => [field, value]));
    };
    for (const object of ['Account', 'Contact', 'Opportunity', 'Lead', 'Research_Report__c']) {
      const field = `${object}.Rapport_Id__c`;
      assert.equal(editable('Rapport_Integration')[field], 'true', field);
      assert.equal(editable('Rapport_Rep')[field], 'false', field);
    }
  });

  it('has our id as a unique external id of 36 characters on all five objects', () => {
    for (const object of ['Account', 'Contact', 'Opportunity', 'Lead', 'Research_Report__c']) {
      const xml = read('objects', object, 'fields', 'Rapport_Id__c.field-meta.xml');
      assert.deepEqual(
        [tags(xml, 'externalId'), tags(xml, 'unique'), tags(xml, 'length')],
        [['true'], ['true'], ['36']],
      );
    }
  });

  it('captures changes of the five entities', () => {
    const entities = files('platformEventChannelMembers').flatMap((file) =>
      tags(read('platformEventChannelMembers', file), 'selectedEntity'),
    );
    const objects = ['Account', 'Contact', 'Lead', 'Opportunity', 'OpportunityContactRole'];
    assert.deepEqual(
      entities.sort(),
      objects.map((object) => `${object}ChangeEvent`),
    );
  });

  it('shows a component on the opportunity page that is exposed to it', () => {
    const page = read('flexipages', 'Rapport_Opportunity_Record_Page.flexipage-meta.xml');
    assert.ok(tags(page, 'componentName').includes('rapportDeal'));
    const meta = readFileSync(join(project, 'src/lwc/rapportDeal/rapportDeal.js-meta.xml'), 'utf8');
    assert.deepEqual([tags(meta, 'isExposed'), tags(meta, 'object')], [['true'], ['Opportunity']]);
  });

  it('grants the principal of the external credential that the named credential uses', () => {
    const named = read('namedCredentials', 'Rapport_Hub.namedCredential-meta.xml');
    assert.deepEqual(tags(named, 'externalCredential'), ['Rapport_Hub']);
    const principal = /<parameterName>(\w+)<\/parameterName>\s*<parameterType>NamedPrincipal/.exec(
      read('externalCredentials', 'Rapport_Hub.externalCredential-meta.xml'),
    )?.[1];
    const rep = read('permissionsets', 'Rapport_Rep.permissionset-meta.xml');
    assert.deepEqual(tags(rep, 'externalCredentialPrincipal'), [`Rapport_Hub-${principal}`]);
  });

  it('holds no secret', () => {
    for (const file of readdirSync(source, { recursive: true, encoding: 'utf8' })) {
      if (!file.endsWith('.xml')) continue;
      assert.doesNotMatch(read(file), /consumer(?:Key|Secret)|ClientSecret>|<password>/i, file);
    }
  });
});
