import { z } from 'zod';
import { ApiError } from '../api-error.ts';
import type { Transaction } from '../org/transaction.ts';
import type { Entity } from '../schema/entity.ts';

const limitSchema = z.strictObject({ above: z.number().nonnegative(), flow: z.boolean().default(false) });

/**
 * The fault `apex.limit`: a trigger that is not bulk-safe. It queries once for each row, and so a batch with more rows than
 * it can bear fails in every row, none of which is named. A flow fails alike, with a code of its own.
 * Source: Apex developer guide, Execution Governors and Limits; partial saves: the exception of a trigger is every row's.
 */
export function bulkTrouble(tx: Transaction, entity: Entity, rows: number): ApiError | undefined {
  const armed = tx.faults.list().find(({ name, match }) => name === 'apex.limit' && fits(match, tx, entity));
  if (!armed) return undefined;
  const { above, flow } = limitSchema.parse(armed.params);
  if (rows <= above) return undefined;
  tx.faults.take('apex.limit', factsOf(tx, entity));
  return flow
    ? new ApiError(400, 'CANNOT_EXECUTE_FLOW_TRIGGER', flowMessage, [])
    : new ApiError(400, 'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY', triggerMessage(entity.name), []);
}

const triggerMessage = (entity: string): string =>
  `${entity}Trigger: System.LimitException: Too many SOQL queries: 101`;
const flowMessage =
  "We can't save this record because a flow process failed. Your Salesforce admin should look into it: the flow hit the limit of 100 SOQL queries: LIMIT_EXCEEDED.";

const factsOf = (tx: Transaction, entity: Entity): Record<string, string> => ({
  org: tx.org.orgId,
  entity: entity.name,
});

function fits(match: Readonly<Record<string, string>>, tx: Transaction, entity: Entity): boolean {
  const facts = factsOf(tx, entity);
  return Object.entries(match).every(([key, value]) => facts[key] === value);
}

const poisonSchema = z.strictObject({ field: z.string(), value: z.string() });

/**
 * The fault `api.poison`: code that a request runs dies of one row's value, and the whole request fails without a word on which.
 * Source: REST API guide, status codes: 500, UNKNOWN_EXCEPTION.
 */
export function refusePoisoned(
  tx: Transaction,
  entity: Entity,
  rows: readonly Readonly<Record<string, unknown>>[],
): void {
  const armed = tx.faults.list().find(({ name, match }) => name === 'api.poison' && fits(match, tx, entity));
  if (!armed) return;
  const { field, value } = poisonSchema.parse(armed.params);
  if (!rows.some((row) => row[field] === value)) return;
  tx.faults.take('api.poison', factsOf(tx, entity));
  throw new ApiError(500, 'UNKNOWN_EXCEPTION', 'An unexpected error occurred. Please include this ErrorId: 1-1 (1)');
}
