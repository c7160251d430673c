import type { EntityTable } from './entity.ts';
import {
  address,
  currencyIsoCode,
  field,
  masterRecordOf,
  flag,
  owner,
  picklist,
  readOnly,
  reference,
  required,
  systemFields,
  text,
  textarea,
} from './field.ts';
import { industries, leadSources, ratings, salutations } from './picklists.ts';

/** The status a lead has after its conversion; the only one of the list that LeadStatus.IsConverted marks. */
export const convertedStatus = 'Closed - Converted';

const namePart = { compoundFieldName: 'Name' };

export const lead: EntityTable = {
  name: 'Lead',
  label: 'Lead',
  labelPlural: 'Leads',
  keyPrefix: '00Q',
  writeable: true,
  fields: [
    ...systemFields('Lead'),
    masterRecordOf('Lead'),
    text('LastName', 80, 'Last Name', { ...required, ...namePart }),
    text('FirstName', 40, 'First Name', namePart),
    picklist('Salutation', 40, 'Salutation', salutations, namePart),
    text('Name', 121, 'Full Name', { ...required, ...readOnly, nameField: true }),
    text('Title', 128, 'Title'),
    text('Company', 255, 'Company', required),
    ...address('', ''),
    field('Phone', 'phone', 'Phone', { length: 40 }),
    field('MobilePhone', 'phone', 'Mobile Phone', { length: 40 }),
    field('Email', 'email', 'Email', { length: 80, idLookup: true }),
    field('Website', 'url', 'Website', { length: 255 }),
    textarea('Description', 32_000, 'Description'),
    picklist('LeadSource', 255, 'Lead Source', leadSources),
    picklist(
      'Status',
      255,
      'Status',
      ['Open - Not Contacted', 'Working - Contacted', convertedStatus, 'Closed - Not Converted'],
      { ...required, defaultedOnCreate: true, defaultValue: 'Open - Not Contacted' },
    ),
    picklist('Industry', 255, 'Industry', industries),
    picklist('Rating', 255, 'Rating', ratings),
    field('AnnualRevenue', 'currency', 'Annual Revenue', { precision: 18 }),
    field('NumberOfEmployees', 'int', 'Employees'),
    owner(),
    currencyIsoCode(),
    flag('IsConverted', 'Converted', { updateable: false }),
    field('ConvertedDate', 'date', 'Converted Date', readOnly),
    reference('ConvertedAccountId', 'Converted Account ID', ['Account'], 'ConvertedAccount', readOnly),
    reference('ConvertedContactId', 'Converted Contact ID', ['Contact'], 'ConvertedContact', readOnly),
    reference('ConvertedOpportunityId', 'Converted Opportunity ID', ['Opportunity'], 'ConvertedOpportunity', readOnly),
    field('LastActivityDate', 'date', 'Last Activity', readOnly),
  ],
};
