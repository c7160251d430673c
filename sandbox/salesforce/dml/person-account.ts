import type { Row } from '../org/row-store.ts';
import type { Transaction } from '../org/transaction.ts';
import type { Entity } from '../schema/entity.ts';
import { personFields } from '../schema/person-account.ts';
import type { Draft } from './derive.ts';
import { eventFields, patch } from './patch.ts';

const fullName = (values: Readonly<Record<string, unknown>>): string =>
  [values['FirstName'], values['LastName']].filter(Boolean).join(' ');

/** In an org with person accounts an account with a last name is a person: its name is theirs, and a contact comes with it. */
export function namePerson(tx: Transaction, entity: Entity, draft: Draft): void {
  if (entity.name !== 'Account' || !entity.field('IsPersonAccount') || !draft['LastName']) return;
  draft['Name'] = fullName(draft);
  if (draft['IsPersonAccount']) return;
  const contacts = tx.org.schema.entity('Contact');
  if (!contacts) return;
  draft['IsPersonAccount'] = true;
  draft['PersonContactId'] = tx.org.nextId(contacts);
}

/**
 * Keeps the two rows of a person account alike: each change of it is told as one of the account and one of the contact.
 * Source: Change Data Capture guide, change events for person accounts.
 */
export function mirrorPerson(tx: Transaction, entity: Entity, row: Row): void {
  if (!row['IsPersonAccount']) return;
  const [accounts, contacts] = [tx.org.schema.entity('Account'), tx.org.schema.entity('Contact')];
  if (!accounts || !contacts) return;
  if (entity === accounts) {
    const values = mapped(row, Object.entries(personFields));
    const contact = tx.org.rows(contacts).get(String(row['PersonContactId']));
    if (contact) patch(tx, contacts, contact, { ...values, Name: row['Name'] });
    else addContact(tx, contacts, row, values);
  } else if (entity === contacts) {
    const account = tx.org.rows(accounts).get(String(row['AccountId']));
    const back = Object.entries(personFields).map(([ofAccount, ofContact]): [string, string] => [ofContact, ofAccount]);
    if (account) patch(tx, accounts, account, { ...mapped(row, back), Name: row['Name'] });
  }
}

function mapped(row: Row, fields: readonly (readonly [string, string])[]): Record<string, unknown> {
  return Object.fromEntries(fields.map(([source, target]) => [target, row[source] ?? null]));
}

function addContact(tx: Transaction, contacts: Entity, account: Row, values: Record<string, unknown>): void {
  const row: Row = {
    ...values,
    Id: String(account['PersonContactId']),
    AccountId: account.Id,
    IsPersonAccount: true,
    Name: account['Name'],
    OwnerId: account['OwnerId'],
    CurrencyIsoCode: account['CurrencyIsoCode'],
    CreatedById: tx.actor.userId,
    CreatedDate: tx.stamp,
    LastModifiedById: tx.actor.userId,
    LastModifiedDate: tx.stamp,
    SystemModstamp: tx.stamp,
  };
  tx.write(contacts, row, 'CREATE', eventFields(row));
}
