import type { Row } from '../org/row-store.ts';
import type { Transaction } from '../org/transaction.ts';
import { patch } from './patch.ts';

/** What a saved row changes on other rows: one primary contact role per opportunity, the last activity of a task's records. */
export function followUp(tx: Transaction, entity: string, row: Row): void {
  if (entity === 'OpportunityContactRole' && row['IsPrimary']) demoteOtherRoles(tx, row);
  if (entity === 'Task' && row['IsClosed']) {
    raiseLastActivity(tx, row['WhatId'], row['ActivityDate']);
    raiseLastActivity(tx, row['WhoId'], row['ActivityDate']);
  }
}

function demoteOtherRoles(tx: Transaction, row: Row): void {
  const roles = tx.org.schema.entity('OpportunityContactRole');
  const lookup = roles?.field('OpportunityId');
  if (!roles || !lookup) return;
  for (const other of tx.org.rows(roles).find(lookup, row['OpportunityId'])) {
    if (other.Id !== row.Id && other['IsPrimary'] && !other['IsDeleted']) patch(tx, roles, other, { IsPrimary: false });
  }
}

/** The most recent due date among closed tasks; it is no edit, so that no change event names it. */
function raiseLastActivity(tx: Transaction, id: unknown, date: unknown): void {
  if (typeof id !== 'string' || typeof date !== 'string') return;
  const entity = tx.org.schema.entityOfId(id);
  const row = entity?.field('LastActivityDate') && tx.org.row(id);
  const known = row && row['LastActivityDate'];
  if (!entity || !row || (typeof known === 'string' && known >= date)) return;
  tx.touch(entity, { ...row, LastActivityDate: date, SystemModstamp: tx.stamp });
}
