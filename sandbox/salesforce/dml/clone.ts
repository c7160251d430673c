import type { Row } from '../org/row-store.ts';
import type { Transaction } from '../org/transaction.ts';
import { editable } from '../schema/describe.ts';
import type { Entity } from '../schema/entity.ts';
import { insert } from './save.ts';

/**
 * A copy of a row, without its related lists. The Clone button takes the fields that the user may edit, so that our external id stays
 * behind; `systemMode` is what an Apex or Flow clone in system mode does: it takes the external id too and is refused, because
 * that is unique. Source: Salesforce help, clone records; Apex guide, sObject clone(). Gives the new id.
 */
export function cloneRow(tx: Transaction, entity: Entity, row: Row, systemMode: boolean): string {
  const copied = entity.fields.filter(
    (field) => field.createable && (row[field.name] ?? null) !== null && (systemMode || editable(field, false)),
  );
  return insert(tx, entity, new Map(copied.map((field) => [field, row[field.name] as string | number | boolean])), {
    systemMode,
  });
}
