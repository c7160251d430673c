import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { orgSchema, seededPackage, standardTables } from '../../../../../sandbox/salesforce/schema/org-schema.ts';
import { describe as describeEntity } from '../../../../../sandbox/salesforce/schema/describe.ts';
import type { Entity } from '../../../../../sandbox/salesforce/schema/entity.ts';

interface Recorded {
  keyPrefix: string;
  fields: Record<string, unknown>[];
  childRelationships: {
    childSObject: string;
    field: string;
    relationshipName: string | null;
    cascadeDelete: boolean;
  }[];
}

const folder = join(process.env['SPECS_DIR'] ?? '../shared/specs', 'salesforce', 'describe');
const schema = orgSchema(seededPackage);
const entityOf = (name: string): Entity => schema.entity(name) as Entity;

/** Flags that decide how a client may use a field. */
const compared = `type length precision scale nillable createable updateable filterable sortable idLookup
  defaultedOnCreate soapType byteLength relationshipName compoundFieldName nameField`.split(/\s+/);
/** Where the seeded orgs differ from the recorded one on purpose. */
const deviations: Record<string, string[]> = {
  // Multiple currencies are switched on, so that a deal keeps its currency.
  CurrencyIsoCode: ['*'],
  // A restricted picklist; the recorded org left it open.
  'Opportunity.StageName': ['restrictedPicklist'],
};

describe('describe answers of the Salesforce stand-in', () => {
  for (const name of ['Account', 'Contact', 'Opportunity', 'OpportunityContactRole', 'Lead']) {
    const path = join(folder, `${name}.json`);
    it(`${name}: every standard field is as recorded from a real org`, function () {
      if (!existsSync(path)) this.skip();
      const recorded = JSON.parse(readFileSync(path, 'utf8')) as Recorded;
      const described = describeEntity(schema, entityOf(name), '/services/data/v67.0', true);
      assert.equal(described.keyPrefix, recorded.keyPrefix);
      const byName = new Map(recorded.fields.map((field) => [field['name'], field]));
      for (const field of described.fields) {
        if (field.custom || deviations[field.name]?.includes('*')) continue;
        const real = byName.get(field.name);
        assert.ok(real, `${name}.${field.name} is in no real org`);
        const pick = (from: Record<string, unknown>) => Object.fromEntries(compared.map((key) => [key, from[key]]));
        assert.deepEqual(pick(field), pick(real), `${name}.${field.name}`);
        if (deviations[`${name}.${field.name}`]) continue;
        assert.equal(field['restrictedPicklist'], real['restrictedPicklist'], `${name}.${field.name}`);
      }
      for (const child of described.childRelationships.filter((one) => byChild(recorded, one))) {
        assert.deepEqual(
          [child.relationshipName, child.cascadeDelete],
          [byChild(recorded, child)?.relationshipName, byChild(recorded, child)?.cascadeDelete],
          `${name} <- ${child.childSObject}.${child.field}`,
        );
      }
    });
  }

  it('tells a person that our external id is read-only, and the integration user that it is not', () => {
    const flags = (integration: boolean) =>
      describeEntity(schema, entityOf('Account'), '', integration).fields.find(
        (field) => field.name === 'Rapport_Id__c',
      );
    assert.deepEqual([flags(false)?.createable, flags(false)?.updateable], [false, false]);
    assert.deepEqual([flags(true)?.createable, flags(true)?.updateable], [true, true]);
    assert.deepEqual([flags(true)?.unique, flags(true)?.externalId, flags(true)?.length], [true, true, 36]);
  });

  it('gives every object its own key prefix', () => {
    const prefixes = standardTables.map((table) => table.keyPrefix);
    assert.deepEqual(prefixes, ['001', '003', '006', '00K', '00Q', '00T', '02s', '0CZ', '005']);
    assert.equal(entityOf('Research_Report__c').keyPrefix, 'a00');
  });
});

function byChild(recorded: Recorded, wanted: { childSObject: string; field: string }) {
  return recorded.childRelationships.find(
    (one) => one.childSObject === wanted.childSObject && one.field === wanted.field,
  );
}
