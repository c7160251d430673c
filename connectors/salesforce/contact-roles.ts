import type { FieldDescription } from '../../protocol/crm-connector.ts';
import type { Purpose } from '../../protocol/purpose.ts';
import type { Calls } from './calls.ts';
import { query, quotedList } from './query.ts';

/** The pseudo-field of an Opportunity: the sorted ids of the contacts that play a role in it. */
export const contactRolesField: { name: string; description: FieldDescription } = {
  name: 'contactRoles',
  description: { label: 'Contact Roles', writable: true, required: false, maxLength: null, options: null },
};

export interface ContactRole {
  id: string;
  contactId: string;
}

/** The roles of opportunities, by opportunity id. Throws UnknownField where the integration user may not see roles. */
export async function contactRolesOf(
  calls: Calls,
  opportunityIds: readonly string[],
  purpose: Purpose,
): Promise<Map<string, ContactRole[]>> {
  const records = await query(
    calls,
    `SELECT Id, OpportunityId, ContactId FROM OpportunityContactRole WHERE OpportunityId IN ${quotedList(opportunityIds)}`,
    { object: 'OpportunityContactRole', count: opportunityIds.length, purpose },
  );
  const roles = new Map<string, ContactRole[]>();
  for (const one of records) {
    const opportunityId = String(one['OpportunityId']);
    roles.set(opportunityId, [
      ...(roles.get(opportunityId) ?? []),
      { id: one.Id, contactId: String(one['ContactId']) },
    ]);
  }
  return roles;
}
