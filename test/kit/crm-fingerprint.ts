import { createHash } from 'node:crypto';
import type { HubspotPerson } from './hubspot-person.ts';
import type { SalesforcePerson } from './salesforce-person.ts';

const hubspotTypes = ['companies', 'contacts', 'deals', 'notes', 'tasks'];
const salesforceObjects = [
  'Account',
  'Contact',
  'Lead',
  'Opportunity',
  'OpportunityContactRole',
  'Task',
  'Research_Report__c',
];

/** Everything that a tenant has in both CRMs, one line a row, system stamps and associations included. */
export async function crmContent(hubspot: HubspotPerson, salesforce: SalesforcePerson): Promise<string[]> {
  const lines: string[] = [];
  for (const type of hubspotTypes) {
    const properties = await hubspot.propertyNames(type);
    const associations = hubspotTypes.filter((other) => other !== type && other !== 'tasks' && type !== 'tasks');
    for (const archived of [false, true])
      for (const row of await hubspot.list(type, properties, { archived, ...(archived ? {} : { associations }) }))
        lines.push(`hubspot ${type} ${archived} ${JSON.stringify(row)}`);
  }
  for (const object of salesforceObjects) {
    const fields = await salesforce.fieldNames(object);
    for (const { attributes: _, ...row } of await salesforce.query(
      `SELECT ${fields.join(', ')} FROM ${object} ORDER BY Id`,
    ))
      lines.push(`salesforce ${object} ${JSON.stringify(row)}`);
  }
  return lines;
}

export function fingerprintOf(lines: readonly string[]): string {
  return createHash('sha256').update(lines.join('\n')).digest('hex');
}
