import { ApiError } from '../api-error.ts';
import type { Row } from '../org/row-store.ts';
import type { Transaction } from '../org/transaction.ts';
import type { Entity } from '../schema/entity.ts';
import { masterRecord } from '../schema/field.ts';
import { cannotReferenceConverted, entityIsDeleted } from './refusals.ts';
import type { Input } from './read-input.ts';
import { refuseLocked, update } from './save.ts';

const mostLosers = 2;

/**
 * Merges up to two rows into a master: the losers go to the recycle bin with MasterRecordId set, all that pointed at them points
 * at the master, then the master takes `values` (the losers' values are not taken by themselves). Told: one deletion of the
 * losers and one update of the master. The rows that were re-pointed fire nothing (Apex guide, Triggers and Merge Statements);
 * that their stamps stay as well is not documented: it is the harder case for whoever polls.
 * Sources: SOAP API guide, merge(); help article 005123891 for converted leads.
 */
export function merge(tx: Transaction, entity: Entity, master: Row, losers: readonly Row[], values: Input): void {
  if (!entity.field(masterRecord)) {
    throw new ApiError(
      400,
      'INVALID_TYPE',
      `merge is not supported for ${entity.name}: only Lead, Contact and Account`,
    );
  }
  if (losers.length === 0 || losers.length > mostLosers || new Set([master, ...losers]).size <= losers.length) {
    throw new ApiError(400, 'INVALID_ID_FIELD', `merge takes a master and one or ${mostLosers} other records`);
  }
  for (const row of [master, ...losers]) {
    if (row['IsDeleted']) throw entityIsDeleted(400);
    refuseLocked(tx, entity, row);
  }
  if (master['IsConverted']) throw cannotReferenceConverted();
  for (const loser of losers) {
    const gone = { ...loser, IsDeleted: true, [masterRecord]: master.Id, SystemModstamp: tx.stamp };
    tx.write(entity, gone, 'DELETE', {});
  }
  for (const loser of losers) repoint(tx, entity, loser.Id, master.Id);
  update(tx, entity, tx.org.rows(entity).get(master.Id) ?? master, values);
}

/** Every lookup at one row turns to another, also those of rows in the recycle bin; no stamp moves and no event tells. */
export function repoint(tx: Transaction, entity: Entity, from: string, to: string): void {
  for (const { child, field } of tx.org.schema.children(entity)) {
    if (field.name === masterRecord) continue;
    for (const row of tx.org.rows(child).find(field, from)) tx.touch(child, { ...row, [field.name]: to });
  }
}
