import type { objectOf } from '../kit/crm-objects.ts';

export type Kind = keyof typeof objectOf;
export type Side = 'hubspot' | 'salesforce';

/** A field as each CRM names it. */
export interface Field {
  name: string;
  hubspot: string;
  salesforce: string;
  numeric?: boolean;
}

interface ChaosObject {
  /** Unique for each row that the chaos makes. */
  identity: Field;
  /** What is edited. */
  fields: readonly [Field, ...Field[]];
}

/** The objects under load, by the names of the shipped mapping. */
export const objects: Readonly<Record<Kind, ChaosObject>> = {
  deal: {
    identity: { name: 'name', hubspot: 'dealname', salesforce: 'Name' },
    fields: [
      { name: 'nextStep', hubspot: 'hs_next_step', salesforce: 'NextStep' },
      { name: 'description', hubspot: 'description', salesforce: 'Description' },
      { name: 'amount', hubspot: 'amount', salesforce: 'Amount', numeric: true },
    ],
  },
  contact: {
    identity: { name: 'email', hubspot: 'email', salesforce: 'Email' },
    fields: [
      { name: 'jobTitle', hubspot: 'jobtitle', salesforce: 'Title' },
      { name: 'firstName', hubspot: 'firstname', salesforce: 'FirstName' },
    ],
  },
  company: {
    identity: { name: 'name', hubspot: 'name', salesforce: 'Name' },
    fields: [
      { name: 'description', hubspot: 'description', salesforce: 'Description' },
      { name: 'employees', hubspot: 'numberofemployees', salesforce: 'NumberOfEmployees', numeric: true },
      { name: 'city', hubspot: 'city', salesforce: 'BillingCity' },
    ],
  },
};

export const kinds = Object.keys(objects) as Kind[];

/** A value as text, so that what two CRMs answer can be compared: 5, '5' and '5.00' of a number are one, as are null and ''. */
export function textOf(field: Field, value: unknown): string {
  if (typeof value !== 'string' && typeof value !== 'number') return '';
  return field.numeric && value !== '' ? String(Number(value)) : String(value);
}
