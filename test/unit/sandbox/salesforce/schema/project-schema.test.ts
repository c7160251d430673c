import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { orgSchema, seededPackage, type CustomSchema } from '../../../../../sandbox/salesforce/schema/org-schema.ts';
import { readProject } from '../../../../../sandbox/salesforce/schema/project-schema.ts';

const custom = (tags: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<CustomField xmlns="http://soap.sforce.com/2006/04/metadata">${tags}</CustomField>`;
const rapportId = custom(
  '<fullName>Rapport_Id__c</fullName><externalId>true</externalId><label>Rapport Id</label><length>36</length><type>Text</type><unique>true</unique>',
);

describe('custom schema from a DX project', () => {
  let project: string;

  function write(path: string, text: string): void {
    const full = join(project, 'force-app/main/default/objects', path);
    mkdirSync(join(full, '..'), { recursive: true });
    writeFileSync(full, text);
  }

  beforeEach(() => {
    project = mkdtempSync(join(tmpdir(), 'dx-project-'));
  });
  afterEach(() => rmSync(project, { recursive: true }));

  it('reads the same fields as the built-in package has', () => {
    for (const object of ['Account', 'Contact', 'Lead', 'Opportunity', 'Research_Report__c']) {
      write(`${object}/fields/Rapport_Id__c.field-meta.xml`, rapportId);
    }
    write(
      'Research_Report__c/Research_Report__c.object-meta.xml',
      '<CustomObject><label>Research Report</label><nameField><label>Research Report Name</label><type>Text</type></nameField><pluralLabel>Research Reports</pluralLabel></CustomObject>',
    );
    write(
      'Research_Report__c/fields/Opportunity__c.field-meta.xml',
      custom(
        '<fullName>Opportunity__c</fullName><deleteConstraint>SetNull</deleteConstraint><label>Opportunity</label><referenceTo>Opportunity</referenceTo><relationshipLabel>Research Reports</relationshipLabel><relationshipName>Research_Reports</relationshipName><type>Lookup</type>',
      ),
    );
    write(
      'Research_Report__c/fields/Body__c.field-meta.xml',
      custom(
        '<fullName>Body__c</fullName><label>Body</label><length>131072</length><type>LongTextArea</type><visibleLines>10</visibleLines>',
      ),
    );
    const built = orgSchema(seededPackage);
    const read = orgSchema(readProject(project));
    for (const [object, name] of [
      ['Account', 'Rapport_Id__c'],
      ['Opportunity', 'Rapport_Id__c'],
      ['Research_Report__c', 'Rapport_Id__c'],
      ['Research_Report__c', 'Name'],
      ['Research_Report__c', 'Opportunity__c'],
      ['Research_Report__c', 'Body__c'],
    ] as const) {
      assert.deepEqual(read.entity(object)?.field(name), built.entity(object)?.field(name), `${object}.${name}`);
    }
    assert.equal(read.entity('Research_Report__c')?.keyPrefix, 'a00');
    assert.equal(read.entity('Research_Report__c')?.table.label, 'Research Report');
  });

  it('is, for the shipped project, just what the built-in package has', function () {
    const shipped = 'crm-apps/salesforce';
    if (!existsSync(join(shipped, 'sfdx-project.json'))) this.skip();
    const byName = (one: { name: string }, other: { name: string }): number => (one.name < other.name ? -1 : 1);
    const sorted = ({ fields, entities }: CustomSchema) => ({
      fields: Object.fromEntries(Object.entries(fields).map(([name, list]) => [name, list.toSorted(byName)])),
      entities: entities.map((entity) => ({ ...entity, fields: entity.fields.toSorted(byName) })),
    });
    assert.deepEqual(sorted(readProject(shipped)), sorted(seededPackage));
  });

  it('reads picklists, checkboxes and numbers, and unescapes texts', () => {
    write(
      'Account/fields/Tier__c.field-meta.xml',
      custom(
        '<fullName>Tier__c</fullName><label>R&amp;D tier</label><type>Picklist</type><valueSet><restricted>true</restricted><valueSetDefinition><value><fullName>Gold</fullName><label>Gold</label></value><value><fullName>Iron</fullName></value></valueSetDefinition></valueSet>',
      ),
    );
    write(
      'Account/fields/On__c.field-meta.xml',
      custom('<fullName>On__c</fullName><label>On</label><type>Checkbox</type><defaultValue>false</defaultValue>'),
    );
    write(
      'Account/fields/N__c.field-meta.xml',
      custom('<fullName>N__c</fullName><label>N</label><type>Number</type><precision>10</precision><scale>2</scale>'),
    );
    const account = orgSchema(readProject(project)).entity('Account');
    const tier = account?.field('Tier__c');
    assert.deepEqual([tier?.label, tier?.picklist, tier?.restrictedPicklist], ['R&D tier', ['Gold', 'Iron'], true]);
    assert.deepEqual([account?.field('On__c')?.type, account?.field('On__c')?.nillable], ['boolean', false]);
    assert.deepEqual([account?.field('N__c')?.precision, account?.field('N__c')?.scale], [10, 2]);
  });

  it('names the file and the type it does not know', () => {
    write(
      'Account/fields/X__c.field-meta.xml',
      custom('<fullName>X__c</fullName><label>X</label><type>Hologram</type>'),
    );
    assert.throws(() => readProject(project), /X__c\.field-meta\.xml.*Hologram/);
  });

  it('says that a folder is no DX project', () => {
    assert.throws(() => readProject(join(project, 'nowhere')), /give the folder of a Salesforce DX project/);
  });
});
