import type { EntityTable } from './entity.ts';
import { flag, picklist, reference, required, systemFields } from './field.ts';

export const opportunityContactRole: EntityTable = {
  name: 'OpportunityContactRole',
  label: 'Opportunity Contact Role',
  labelPlural: 'Opportunity Contact Role',
  keyPrefix: '00K',
  writeable: true,
  fields: [
    ...systemFields('Contact Role'),
    reference('OpportunityId', 'Opportunity ID', ['Opportunity'], 'Opportunity', {
      ...required,
      updateable: false,
      childRelationshipName: 'OpportunityContactRoles',
      cascadeDelete: true,
    }),
    reference('ContactId', 'Contact ID', ['Contact'], 'Contact', {
      ...required,
      childRelationshipName: 'OpportunityContactRoles',
      cascadeDelete: true,
    }),
    picklist('Role', 40, 'Role', [
      'Business User',
      'Decision Maker',
      'Economic Buyer',
      'Economic Decision Maker',
      'Evaluator',
      'Executive Sponsor',
      'Influencer',
      'Technical Buyer',
      'Other',
    ]),
    flag('IsPrimary', 'Primary'),
  ],
};
