import type { EntityTable } from './entity.ts';
import {
  currencyIsoCode,
  field,
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
import { leadSources } from './picklists.ts';
import { stages } from './stages.ts';

export const opportunity: EntityTable = {
  name: 'Opportunity',
  label: 'Opportunity',
  labelPlural: 'Opportunities',
  keyPrefix: '006',
  writeable: true,
  fields: [
    ...systemFields('Opportunity'),
    reference('AccountId', 'Account ID', ['Account'], 'Account', {
      childRelationshipName: 'Opportunities',
      cascadeDelete: true,
    }),
    flag('IsPrivate', 'Private'),
    text('Name', 120, 'Name', { ...required, nameField: true, idLookup: true }),
    textarea('Description', 32_000, 'Description'),
    picklist(
      'StageName',
      255,
      'Stage',
      stages.map((stage) => stage.name),
      { ...required, restrictedPicklist: true },
    ),
    field('Amount', 'currency', 'Amount', { precision: 18, scale: 2 }),
    field('Probability', 'percent', 'Probability (%)', { precision: 3, defaultedOnCreate: true }),
    field('ExpectedRevenue', 'currency', 'Expected Amount', { ...readOnly, precision: 18, scale: 2 }),
    field('TotalOpportunityQuantity', 'double', 'Quantity', { precision: 18, scale: 2 }),
    field('CloseDate', 'date', 'Close Date', required),
    picklist('Type', 255, 'Opportunity Type', [
      'Existing Customer - Upgrade',
      'Existing Customer - Replacement',
      'Existing Customer - Downgrade',
      'New Customer',
    ]),
    text('NextStep', 255, 'Next Step'),
    picklist('LeadSource', 255, 'Lead Source', leadSources),
    flag('IsClosed', 'Closed', readOnly),
    flag('IsWon', 'Won', readOnly),
    picklist('ForecastCategory', 40, 'Forecast Category', unique('forecastCategory'), {
      ...readOnly,
      nillable: false,
      restrictedPicklist: true,
    }),
    picklist('ForecastCategoryName', 255, 'Forecast Category', unique('forecastCategoryName'), {
      restrictedPicklist: true,
      defaultedOnCreate: true,
    }),
    owner(),
    currencyIsoCode(),
    field('LastActivityDate', 'date', 'Last Activity', readOnly),
    field('LastStageChangeDate', 'datetime', 'Last Stage Change Date', readOnly),
  ],
};

function unique(key: 'forecastCategory' | 'forecastCategoryName'): string[] {
  return [...new Set(stages.map((stage) => stage[key]))];
}
