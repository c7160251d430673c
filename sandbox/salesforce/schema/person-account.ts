import type { EntityTable } from './entity.ts';
import { field, flag, picklist, readOnly, reference, text, type Field } from './field.ts';
import { salutations } from './picklists.ts';

/** A person account's field for each field of its contact. Source: SOAP API guide, Person Account Record Types; names from memory. */
export const personFields: Readonly<Record<string, string>> = {
  Salutation: 'Salutation',
  FirstName: 'FirstName',
  LastName: 'LastName',
  Phone: 'Phone',
  PersonEmail: 'Email',
  PersonMobilePhone: 'MobilePhone',
  PersonTitle: 'Title',
  PersonBirthdate: 'Birthdate',
};

const added: Readonly<Record<string, readonly Field[]>> = {
  Account: [
    flag('IsPersonAccount', 'Is Person Account', readOnly),
    reference('PersonContactId', 'Person Contact ID', ['Contact'], 'PersonContact', readOnly),
    text('LastName', 80, 'Last Name'),
    text('FirstName', 40, 'First Name'),
    picklist('Salutation', 40, 'Salutation', salutations),
    field('PersonEmail', 'email', 'Email', { length: 80 }),
    field('PersonMobilePhone', 'phone', 'Mobile', { length: 40 }),
    text('PersonTitle', 80, 'Title'),
    field('PersonBirthdate', 'date', 'Birthdate'),
  ],
  Contact: [flag('IsPersonAccount', 'Is Person Account', readOnly)],
};

/** A table as an org with person accounts has it. Without them these fields do not exist, not even in queries. */
export function withPersonFields(table: EntityTable): EntityTable {
  return { ...table, fields: [...table.fields, ...(added[table.name] ?? [])] };
}
