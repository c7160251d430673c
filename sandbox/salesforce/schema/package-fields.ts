import type { EntityTable } from './entity.ts';
import { field, owner, reference, required, systemFields, text, textarea, type Field } from './field.ts';

const rapportId: Field = text('Rapport_Id__c', 36, 'Rapport Id', {
  unique: true,
  externalId: true,
  idLookup: true,
  integrationOnly: true,
});

/** The custom fields that our package deploys on standard objects, by object; used when no DX project is given. */
export const packageFields: Readonly<Record<string, readonly Field[]>> = {
  Account: [rapportId],
  Contact: [rapportId],
  Lead: [rapportId],
  Opportunity: [
    rapportId,
    textarea('Rapport_Research_Summary__c', 32_768, 'Research Summary'),
    field('Rapport_Researched_At__c', 'datetime', 'Researched At'),
  ],
};

/** The package's own objects, likewise. */
export const packageEntities: readonly EntityTable[] = [
  {
    name: 'Research_Report__c',
    label: 'Research Report',
    labelPlural: 'Research Reports',
    keyPrefix: 'a00',
    writeable: true,
    fields: [
      ...systemFields('Record'),
      owner(),
      text('Name', 80, 'Research Report Name', { ...required, nameField: true, idLookup: true }),
      reference('Opportunity__c', 'Opportunity', ['Opportunity'], 'Opportunity__r', {
        childRelationshipName: 'Research_Reports__r',
      }),
      rapportId,
      textarea('Summary__c', 32_768, 'Summary'),
      textarea('Body__c', 131_072, 'Body'),
      text('Model__c', 255, 'Model'),
      field('Researched_At__c', 'datetime', 'Researched At'),
    ],
  },
];
