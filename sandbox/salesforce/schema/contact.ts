import type { EntityTable } from './entity.ts';
import {
  address,
  currencyIsoCode,
  field,
  masterRecordOf,
  owner,
  picklist,
  readOnly,
  reference,
  required,
  systemFields,
  text,
  textarea,
} from './field.ts';
import { leadSources, salutations } from './picklists.ts';

const namePart = { compoundFieldName: 'Name' };

export const contact: EntityTable = {
  name: 'Contact',
  label: 'Contact',
  labelPlural: 'Contacts',
  keyPrefix: '003',
  writeable: true,
  fields: [
    ...systemFields('Contact'),
    masterRecordOf('Contact'),
    reference('AccountId', 'Account ID', ['Account'], 'Account', {
      childRelationshipName: 'Contacts',
      cascadeDelete: true,
    }),
    text('LastName', 80, 'Last Name', { ...required, ...namePart }),
    text('FirstName', 40, 'First Name', namePart),
    picklist('Salutation', 40, 'Salutation', salutations, namePart),
    text('Name', 121, 'Full Name', { ...required, ...readOnly, nameField: true }),
    ...address('Other', 'Other '),
    ...address('Mailing', 'Mailing '),
    field('Phone', 'phone', 'Business Phone', { length: 40 }),
    field('Fax', 'phone', 'Business Fax', { length: 40 }),
    field('MobilePhone', 'phone', 'Mobile Phone', { length: 40 }),
    field('HomePhone', 'phone', 'Home Phone', { length: 40 }),
    reference('ReportsToId', 'Reports To ID', ['Contact'], 'ReportsTo'),
    field('Email', 'email', 'Email', { length: 80, idLookup: true }),
    text('Title', 128, 'Title'),
    text('Department', 80, 'Department'),
    picklist('LeadSource', 255, 'Lead Source', leadSources),
    field('Birthdate', 'date', 'Birthdate'),
    textarea('Description', 32_000, 'Contact Description'),
    owner(),
    currencyIsoCode(),
    field('LastActivityDate', 'date', 'Last Activity', readOnly),
  ],
};
