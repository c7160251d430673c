import { ofEmail, ofNote, ofTask } from './activity-properties.ts';
import { industryOptions } from './industry-options.ts';
import { companies, contacts, deals, type ObjectType } from './object-types.ts';
import { optionsOf, property, type PropertyDefinition } from './property-definition.ts';
import { standardLabel } from './standard-labels.ts';

const readOnly = { readOnlyValue: true } as const;
const calculated = { readOnlyValue: true, calculated: true } as const;
const textarea = { fieldType: 'textarea' } as const;

const lifecycle = optionsOf([
  ['subscriber', 'Subscriber'],
  ['lead', 'Lead'],
  ['marketingqualifiedlead', 'Marketing Qualified Lead'],
  ['salesqualifiedlead', 'Sales Qualified Lead'],
  ['opportunity', 'Opportunity'],
  ['customer', 'Customer'],
  ['evangelist', 'Evangelist'],
  ['other', 'Other'],
]);

/** Lifecycle stages from the first to the last. */
export const lifecycleStages: readonly string[] = lifecycle.map((one) => one.value);

/** Properties every kind of object has. Their values are HubSpot's own and refuse to be written. */
function common(type: ObjectType, group: string): PropertyDefinition[] {
  return [
    property('hs_object_id', 'number', group, readOnly),
    property(type.createdProperty, 'datetime', group, readOnly),
    property(type.modifiedProperty, 'datetime', group, readOnly),
    property('hs_object_source', 'string', group, { ...readOnly, hidden: true }),
    property('hs_merged_object_ids', 'string', group, readOnly),
    property('hubspot_owner_id', 'enumeration', group, { externalOptions: true, referencedObjectType: 'OWNER' }),
    property('hubspot_owner_assigneddate', 'datetime', group, readOnly),
  ];
}

const engaged = (group: string): PropertyDefinition[] => [
  property('notes_last_contacted', 'datetime', group, calculated),
  property('notes_last_updated', 'datetime', group, calculated),
  property('num_associated_deals', 'number', group, calculated),
];

const text = (group: string, names: readonly string[]): PropertyDefinition[] =>
  names.map((name) => property(name, 'string', group));

function ofContact(group: string): PropertyDefinition[] {
  return [
    ...text(group, ['firstname', 'lastname', 'jobtitle', 'address', 'city', 'state', 'zip', 'country', 'company']),
    ...text(group, ['website', 'salutation', 'hs_additional_emails']),
    property('hs_calculated_merged_vids', 'string', group, calculated),
    property('email', 'string', group, { hasUniqueValue: true, formField: true }),
    property('phone', 'string', group, { fieldType: 'phonenumber' }),
    property('mobilephone', 'string', group, { fieldType: 'phonenumber' }),
    property('lifecyclestage', 'enumeration', group, { fieldType: 'radio', options: lifecycle }),
    ...engaged(group),
  ];
}

function ofCompany(group: string): PropertyDefinition[] {
  return [
    ...text(group, ['name', 'domain', 'website', 'address', 'address2', 'city', 'state', 'zip', 'country']),
    ...text(group, ['linkedin_company_page', 'twitterhandle', 'hs_additional_domains']),
    property('phone', 'string', group, { fieldType: 'phonenumber' }),
    property('description', 'string', group, textarea),
    property('industry', 'enumeration', group, {
      options: optionsOf(industryOptions.map((one) => [one, one.replaceAll('_', ' ').toLowerCase()])),
    }),
    property('numberofemployees', 'number', group),
    property('annualrevenue', 'number', group),
    property('lifecyclestage', 'enumeration', group, { fieldType: 'radio', options: lifecycle }),
    property('num_associated_contacts', 'number', group, calculated),
    ...engaged(group),
  ];
}

function ofDeal(group: string): PropertyDefinition[] {
  return [
    ...text(group, ['dealname', 'hs_next_step']),
    property('amount', 'number', group),
    property('amount_in_home_currency', 'number', group, calculated),
    property('deal_currency_code', 'enumeration', group, { options: optionsOf(['USD', 'EUR', 'GBP', 'CHF']) }),
    property('dealstage', 'enumeration', group, { fieldType: 'radio', externalOptions: true }),
    property('pipeline', 'enumeration', group, { externalOptions: true }),
    property('closedate', 'datetime', group),
    property('dealtype', 'enumeration', group, {
      fieldType: 'radio',
      options: optionsOf([
        ['newbusiness', 'New Business'],
        ['existingbusiness', 'Existing Business'],
      ]),
    }),
    property('description', 'string', group, textarea),
    property('closed_lost_reason', 'string', group, textarea),
    property('closed_won_reason', 'string', group, textarea),
    property('hs_priority', 'enumeration', group, { options: optionsOf(['low', 'medium', 'high']) }),
    property('hs_is_closed', 'bool', group, calculated),
    property('hs_is_closed_won', 'bool', group, calculated),
    property('notes_last_contacted', 'datetime', group, calculated),
    property('notes_last_updated', 'datetime', group, calculated),
    property('num_associated_contacts', 'number', group, calculated),
  ];
}

/** The custom object of a test portal, as an admin would have set it up for an app that files research. */
function ofResearch(group: string): PropertyDefinition[] {
  const own = { hubspotDefined: false } as const;
  return [
    property('title', 'string', group, own),
    property('summary', 'string', group, { ...own, fieldType: 'textarea' }),
    property('body', 'string', group, { ...own, fieldType: 'html' }),
    property('model', 'string', group, own),
    property('researched_at', 'datetime', group, own),
    property('rapport_id', 'string', group, { ...own, hasUniqueValue: true }),
  ];
}

/** The properties a fresh portal has for a kind of object: HubSpot's standard ones that this stand-in knows. */
export function standardProperties(type: ObjectType): PropertyDefinition[] {
  return definitions(type, groupOf(type)).map((one) => ({
    ...one,
    label: standardLabel(type.name, one.name) ?? one.label,
  }));
}

function definitions(type: ObjectType, group: string): PropertyDefinition[] {
  if (type.typeId === contacts.typeId) return [...common(type, group), ...ofContact(group)];
  if (type.typeId === companies.typeId) return [...common(type, group), ...ofCompany(group)];
  if (type.typeId === deals.typeId) return [...common(type, group), ...ofDeal(group)];
  if (type.custom) return [...common(type, group), ...ofResearch(group)];
  const ofActivity = { tasks: ofTask, emails: ofEmail, notes: ofNote }[type.name] ?? ofNote;
  return [...common(type, group), ...ofActivity(group)];
}

/** The group HubSpot puts the standard properties of a kind into. */
export function groupOf(type: ObjectType): string {
  return type.custom ? `${type.singular}_information` : `${type.singular.replaceAll('_', '')}information`;
}
