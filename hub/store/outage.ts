import { RetryLater } from '../../protocol/errors.ts';
import type { Clock } from '../../protocol/ports/clock.ts';

/** Faults of the connection (Node's codes), and PostgreSQL's classes 08, 53 and 57P: the server goes, is full, or comes up. */
const outages = /^(ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|08|53|57P|57014)/;
const outagePause_ms = 1_000;

/** PostgreSQL's class 40: of transactions that stood in each other's way this one was ended, so that the others go on. */
const yielded = /^40/;
const yieldPause_ms = 100;

/** What node-postgres says, without a code, of a connection that was cut. */
const lost =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Client was closed)/;

/** Makes RetryLater of a database that does not answer or that ended the transaction, and lets every other error through. */
export type Outage = <T>(work: () => Promise<T>) => Promise<T>;

export function translateOutage(clock: Clock): Outage {
  return async (work) => {
    try {
      return await work();
    } catch (error) {
      if (has(error, yielded))
        throw new RetryLater('The database was busy with the same rows.', clock.now_ms() + yieldPause_ms, error);
      if (has(error, outages, lost))
        throw new RetryLater('The database does not answer.', clock.now_ms() + outagePause_ms, error);
      throw error;
    }
  };
}

/** Whether the error, or what caused it, carries such a code or such words. */
function has(error: unknown, codes: RegExp, words?: RegExp): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as { code?: unknown };
  return (
    (typeof code === 'string' && codes.test(code)) || !!words?.test(error.message) || has(error.cause, codes, words)
  );
}
