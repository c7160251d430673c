import { account } from './account.ts';
import { contact } from './contact.ts';
import type { EntityTable } from './entity.ts';
import type { Field } from './field.ts';
import { emailMessage, emailMessageRelation } from './email-message.ts';
import { lead } from './lead.ts';
import { opportunityContactRole } from './opportunity-contact-role.ts';
import { opportunity } from './opportunity.ts';
import { packageEntities, packageFields } from './package-fields.ts';
import { withPersonFields } from './person-account.ts';
import { Schema } from './schema.ts';
import { task } from './task.ts';
import { user } from './user.ts';

export const standardTables: readonly EntityTable[] = [
  account,
  contact,
  opportunity,
  opportunityContactRole,
  lead,
  task,
  emailMessage,
  emailMessageRelation,
  user,
];

/** What a package adds to an org. */
export interface CustomSchema {
  /** Custom fields on standard objects, by object name. */
  fields: Readonly<Record<string, readonly Field[]>>;
  entities: readonly EntityTable[];
}

export const seededPackage: CustomSchema = { fields: packageFields, entities: packageEntities };

/** Tasks and events share their custom fields: metadata names the object they are deployed on. Source: Metadata API guide, Activity. */
const deployedAs: Readonly<Record<string, string>> = { Task: 'Activity' };

/** The standard objects with a package's fields and objects on top. */
export function orgSchema(custom: CustomSchema, options = { personAccounts: false }): Schema {
  const standard = standardTables.map((table) => ({
    ...table,
    fields: [...table.fields, ...(custom.fields[deployedAs[table.name] ?? table.name] ?? [])],
  }));
  return new Schema([...(options.personAccounts ? standard.map(withPersonFields) : standard), ...custom.entities]);
}
