import type { WorldTenant } from '../seed/world.ts';
import { convertLead, leadConvert } from './dml/convert-lead.ts';
import { readInput } from './dml/read-input.ts';
import { insert } from './dml/save.ts';
import type { Transaction } from './org/transaction.ts';

/** Ids of rows by the world's keys; null for what this org has not. */
interface Rows {
  deal(key: string): string | null;
  contact(key: string): string | null;
  owner(key: string): string;
}

/** Inserts as many equal rows as asked and gives their ids. */
export function adder(tx: Transaction): (type: string, copies: number, body: Record<string, unknown>) => string[] {
  return (type, copies, body) =>
    Array.from({ length: copies }, () => {
      const entity = tx.org.schema.entity(type);
      if (!entity) throw new Error(`the schema has no ${type}`);
      return insert(tx, entity, readInput(tx.org.schema, entity, body));
    });
}

/** The e-mails and tasks that are filed here. None is later than its deal's last conversation or done, so that that stays the last. */
export function seedActivities(tx: Transaction, tenant: WorldTenant, rows: Rows): void {
  const add = adder(tx);
  for (const mail of tenant.mails.filter((one) => one.presence.salesforce > 0)) {
    const contact = tenant.contacts.find((one) => one.key === mail.contactKey);
    const rep = tenant.people.find((one) => one.key === mail.ownerKey);
    const [from, to] = mail.incoming ? [contact, rep] : [rep, contact];
    const [EmailMessageId] = add('EmailMessage', 1, {
      Subject: mail.subject,
      TextBody: mail.text,
      FromAddress: from?.email,
      FromName: [from?.firstName, from?.lastName].filter(Boolean).join(' '),
      ToAddress: to?.email,
      Incoming: mail.incoming,
      Status: mail.incoming ? '1' : '3',
      MessageDate: mail.sentAt,
      MessageIdentifier: mail.messageId,
      RelatedToId: rows.deal(mail.dealKey),
    });
    add('EmailMessageRelation', 1, {
      EmailMessageId,
      RelationId: rows.contact(mail.contactKey),
      RelationType: mail.incoming ? 'FromAddress' : 'ToAddress',
      RelationAddress: contact?.email,
    });
  }
  for (const task of tenant.tasks.filter((one) => one.presence.salesforce > 0)) {
    add('Task', 1, {
      Subject: task.subject,
      ActivityDate: task.dueDate,
      WhatId: rows.deal(task.dealKey),
      OwnerId: rows.owner(task.ownerKey),
    });
  }
}

export function seedLeads(tx: Transaction, tenant: WorldTenant, rows: Rows): void {
  const add = adder(tx);
  const contacts = tx.org.schema.entity('Contact');
  for (const lead of tenant.leads) {
    const [leadId = ''] = add('Lead', 1, {
      FirstName: lead.firstName,
      LastName: lead.lastName,
      Company: lead.company,
      Email: lead.email,
      Phone: lead.phone,
      Title: lead.jobTitle,
      LeadSource: lead.source,
      OwnerId: rows.owner(lead.ownerKey),
    });
    const contactId = lead.converted && lead.contactKey !== undefined ? rows.contact(lead.contactKey) : null;
    const contact = contacts && contactId ? tx.org.rows(contacts).get(contactId) : undefined;
    if (!contact) continue;
    const accountId = contact['AccountId'];
    convertLead(tx, leadConvert.parse({ leadId, accountId, contactId, doNotCreateOpportunity: true }));
  }
}
