import { RetryLater } from '../../protocol/errors.ts';
import type { Clock } from '../../protocol/ports/clock.ts';

/**
 * Faults of the connection (Node's codes), and PostgreSQL's classes 08, 53 and 57P: the server goes, is full, or comes up;
 * 40: it ended the transaction for the sake of another.
 */
const outages = /^(ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|08|40|53|57P|57014)/;

/** What node-postgres says, without a code, of a connection that was cut. */
const lost =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Client was closed)/;

/** Makes RetryLater of a database that does not answer, and lets every other error through. */
export type Outage = <T>(work: () => Promise<T>) => Promise<T>;

export function translateOutage(clock: Clock): Outage {
  return async (work) => {
    try {
      return await work();
    } catch (error) {
      if (!isOutage(error)) throw error;
      throw new RetryLater('The database does not answer.', clock.now_ms() + 1_000, error);
    }
  };
}

function isOutage(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as { code?: unknown };
  return (typeof code === 'string' && outages.test(code)) || lost.test(error.message) || isOutage(error.cause);
}
