import { ApiError } from '../api-error.ts';
import type { Transaction } from '../org/transaction.ts';

export interface RowResult {
  id: string;
  created?: boolean;
}

export type RowTask = () => RowResult;

const rolledBack = {
  statusCode: 'ALL_OR_NONE_OPERATION_ROLLED_BACK',
  message: 'Record rolled back because not all records were valid and the request was using AllOrNone header',
  fields: [] as string[],
};

/**
 * Runs each row's write; a refused row is taken back and reported in its place. With `allOrNone` one refusal takes
 * everything back and the good rows say so. Source: REST API guide, sObject Collections, allOrNone.
 */
export function saveEach(tx: Transaction, tasks: readonly RowTask[], allOrNone: boolean): unknown[] {
  const start = tx.savepoint();
  let failed = false;
  const results = tasks.map((task) => {
    const before = tx.savepoint();
    try {
      const { id, ...rest } = task();
      return { id, success: true, errors: [] as unknown[], ...rest };
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      tx.rollback(before);
      failed = true;
      const errors = error.items.map(({ errorCode, message, fields }) => ({
        statusCode: errorCode,
        message,
        fields: fields ?? [],
      }));
      return { success: false, errors };
    }
  });
  if (!failed || !allOrNone) return results;
  tx.rollback(start);
  return results.map((result) => (result.success ? { success: false, errors: [rolledBack] } : result));
}
