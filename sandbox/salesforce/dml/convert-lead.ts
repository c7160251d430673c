import { z } from 'zod';
import { ApiError } from '../api-error.ts';
import type { Row } from '../org/row-store.ts';
import type { Transaction } from '../org/transaction.ts';
import { normaliseId } from '../record-id.ts';
import type { Entity } from '../schema/entity.ts';
import { convertedStatus } from '../schema/lead.ts';
import { stages } from '../schema/stages.ts';
import { repoint } from './merge.ts';
import { readInput } from './read-input.ts';
import { cannotReferenceConverted, entityIsDeleted } from './refusals.ts';
import { insert, update } from './save.ts';

/** As SOAP's LeadConvert; what is absent is as SOAP's default. */
export const leadConvert = z.strictObject({
  leadId: z.string(),
  convertedStatus: z.string().default(convertedStatus),
  /** Into an account and contact that exist: only their empty fields are filled. */
  accountId: z.string().optional(),
  contactId: z.string().optional(),
  doNotCreateOpportunity: z.boolean().default(false),
  opportunityName: z.string().optional(),
  overwriteLeadSource: z.boolean().default(false),
  ownerId: z.string().optional(),
});
export type LeadConvert = z.infer<typeof leadConvert>;

export interface Converted {
  leadId: string;
  accountId: string;
  contactId: string;
  opportunityId: string | null;
}

/** Standard field of the lead for a standard field of the account (Salesforce help, lead field mapping). Custom fields need an admin's mapping: none here. */
const accountFields = {
  Name: 'Company',
  Phone: 'Phone',
  Website: 'Website',
  Industry: 'Industry',
  Rating: 'Rating',
  AnnualRevenue: 'AnnualRevenue',
  NumberOfEmployees: 'NumberOfEmployees',
  AccountSource: 'LeadSource',
  CurrencyIsoCode: 'CurrencyIsoCode',
  BillingStreet: 'Street',
  BillingCity: 'City',
  BillingState: 'State',
  BillingPostalCode: 'PostalCode',
  BillingCountry: 'Country',
};
const contactFields = {
  Salutation: 'Salutation',
  FirstName: 'FirstName',
  LastName: 'LastName',
  Title: 'Title',
  Email: 'Email',
  Phone: 'Phone',
  MobilePhone: 'MobilePhone',
  LeadSource: 'LeadSource',
  CurrencyIsoCode: 'CurrencyIsoCode',
  Description: 'Description',
  MailingStreet: 'Street',
  MailingCity: 'City',
  MailingState: 'State',
  MailingPostalCode: 'PostalCode',
  MailingCountry: 'Country',
};

/**
 * Converts a lead into an account, a contact and, unless told not to, an opportunity with the contact as its primary role; what
 * was done for the lead moves to the contact. Events in this order: account, contact, opportunity, role, and an update of the
 * lead that names the conversion's own fields and not LastModifiedDate (Change Data Capture guide, lead conversion).
 * Source: SOAP API guide, convertLead().
 */
export function convertLead(tx: Transaction, given: LeadConvert): Converted {
  const lead = rowOf(tx, 'Lead', given.leadId);
  if (lead['IsConverted']) throw cannotReferenceConverted();
  if (given.convertedStatus !== convertedStatus) {
    throw new ApiError(400, 'INVALID_STATUS', `invalid convertedStatus: ${given.convertedStatus}`, []);
  }
  const account = given.accountId === undefined ? undefined : rowOf(tx, 'Account', given.accountId);
  const contact = given.contactId === undefined ? undefined : rowOf(tx, 'Contact', given.contactId);
  if (contact && (!account || contact['AccountId'] !== account.Id)) {
    throw new ApiError(400, 'INVALID_CROSS_REFERENCE_KEY', 'the contact must belong to the given account', []);
  }
  const OwnerId = given.ownerId ?? lead['OwnerId'];
  const accountId = account
    ? fill(tx, 'Account', account, mapped(lead, accountFields))
    : add(tx, 'Account', { ...mapped(lead, accountFields), OwnerId });
  const person = mapped(lead, contactFields);
  const contactId = contact
    ? fill(tx, 'Contact', contact, person, given.overwriteLeadSource ? ['LeadSource'] : [])
    : add(tx, 'Contact', { ...person, OwnerId, AccountId: accountId });
  const opportunityId = given.doNotCreateOpportunity
    ? null
    : addOpportunity(tx, contactId, {
        Name: given.opportunityName ?? lead['Company'],
        LeadSource: lead['LeadSource'] ?? null,
        CurrencyIsoCode: lead['CurrencyIsoCode'],
        AccountId: accountId,
        OwnerId,
      });
  repoint(tx, entityOf(tx, 'Lead'), lead.Id, contactId);
  markConverted(tx, lead, { accountId, contactId, opportunityId });
  return { leadId: lead.Id, accountId, contactId, opportunityId };
}

function entityOf(tx: Transaction, name: string): Entity {
  const entity = tx.org.schema.entity(name);
  if (!entity) throw new Error(`the schema has no ${name}`);
  return entity;
}

function rowOf(tx: Transaction, name: string, given: string): Row {
  const id = normaliseId(given);
  const row = id && tx.org.rows(entityOf(tx, name)).get(id);
  if (!row) throw new ApiError(400, 'INVALID_CROSS_REFERENCE_KEY', `invalid cross reference id: ${given}`, []);
  if (row['IsDeleted']) throw entityIsDeleted(400);
  return row;
}

function mapped(lead: Row, fields: Readonly<Record<string, string>>): Record<string, unknown> {
  const pairs = Object.entries(fields).map(([target, source]): [string, unknown] => [target, lead[source] ?? null]);
  return Object.fromEntries(pairs.filter(([, value]) => value !== null));
}

function add(tx: Transaction, name: string, values: Record<string, unknown>): string {
  const entity = entityOf(tx, name);
  return insert(tx, entity, readInput(tx.org.schema, entity, values));
}

/** Only what is empty is filled, but for the `overwritten`; a row that lacks nothing is not written. */
function fill(
  tx: Transaction,
  name: string,
  row: Row,
  values: Record<string, unknown>,
  overwritten: readonly string[] = [],
): string {
  const entity = entityOf(tx, name);
  const wanted = Object.entries(values).filter(
    ([field]) => (row[field] ?? null) === null || overwritten.includes(field),
  );
  if (wanted.length > 0) update(tx, entity, row, readInput(tx.org.schema, entity, Object.fromEntries(wanted)));
  return row.Id;
}

/** At the first stage, closing on the last day of the quarter (from memory), with the contact as its primary role. */
function addOpportunity(tx: Transaction, contactId: string, values: Record<string, unknown>): string {
  const now = new Date(tx.now_ms);
  const quarterEnd = new Date(Date.UTC(now.getUTCFullYear(), Math.floor(now.getUTCMonth() / 3) * 3 + 3, 0));
  const CloseDate = quarterEnd.toISOString().slice(0, 10);
  const id = add(tx, 'Opportunity', { ...values, StageName: stages[0]?.name, CloseDate });
  add(tx, 'OpportunityContactRole', { OpportunityId: id, ContactId: contactId, IsPrimary: true });
  return id;
}

function markConverted(
  tx: Transaction,
  lead: Row,
  { accountId, contactId, opportunityId }: Omit<Converted, 'leadId'>,
): void {
  const fields = {
    Status: convertedStatus,
    IsConverted: true,
    ConvertedDate: new Date(tx.now_ms).toISOString().slice(0, 10),
    ConvertedAccountId: accountId,
    ConvertedContactId: contactId,
    ...(opportunityId !== null && { ConvertedOpportunityId: opportunityId }),
  };
  const stamps = { LastModifiedById: tx.actor.userId, LastModifiedDate: tx.stamp, SystemModstamp: tx.stamp };
  tx.write(entityOf(tx, 'Lead'), { ...lead, ...fields, ...stamps }, 'UPDATE', fields);
}
