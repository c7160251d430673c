import { industries } from '../../../sandbox/salesforce/schema/picklists.ts';
import { stages } from '../../../sandbox/salesforce/schema/stages.ts';
import { field, texts, type SimSchema } from './field.ts';

/** Salesforce docs, "Long Text Area" and standard fields: Description takes 32,000. */
const long = 32_000;
const required = { required: true };
const readOnly = { readOnly: true };
const rapportId = field('Rapport_Id__c', 'text', { maxLength: 36, unique: true });
const currencies = ['USD', 'EUR', 'GBP', 'CHF'];

/** A multi-currency org with our package: the standard fields that the mappings name, with Salesforce's own lengths. */
export const salesforceSchema: SimSchema = {
  Account: [
    field('Name', 'text', { ...required, maxLength: 255 }),
    ...texts(255, 'Website', 'BillingStreet'),
    ...texts(40, 'Phone', 'BillingCity'),
    ...texts(20, 'BillingPostalCode'),
    ...texts(80, 'BillingCountry'),
    field('Industry', 'option', { options: industries }),
    field('NumberOfEmployees', 'integer'),
    field('AnnualRevenue', 'number'),
    ...texts(long, 'Description'),
    field('OwnerId', 'text'),
    rapportId,
  ],
  Contact: [
    field('LastName', 'text', { ...required, maxLength: 80 }),
    ...texts(40, 'FirstName', 'Phone'),
    field('Email', 'email', { maxLength: 80 }),
    ...texts(128, 'Title'),
    field('AccountId', 'reference', { to: 'Account' }),
    field('OwnerId', 'text'),
    field('LastActivityDate', 'day', readOnly),
    rapportId,
  ],
  Opportunity: [
    field('Name', 'text', { ...required, maxLength: 120 }),
    field('StageName', 'option', { ...required, options: stages.map((stage) => stage.name) }),
    field('Amount', 'number'),
    field('CurrencyIsoCode', 'option', { options: currencies }),
    field('CloseDate', 'day', required),
    ...texts(255, 'NextStep'),
    ...texts(long, 'Description', 'Rapport_Research_Summary__c'),
    field('Rapport_Researched_At__c', 'instant'),
    field('AccountId', 'reference', { to: 'Account' }),
    field('contactRoles', 'set', { to: 'Contact' }),
    field('OwnerId', 'text'),
    field('LastActivityDate', 'day', readOnly),
    rapportId,
  ],
  Research_Report__c: [
    ...texts(80, 'Name'),
    ...texts(long, 'Summary__c', 'Body__c'),
    ...texts(255, 'Model__c'),
    field('Researched_At__c', 'instant'),
    field('Opportunity__c', 'reference', { to: 'Opportunity' }),
    rapportId,
  ],
};
