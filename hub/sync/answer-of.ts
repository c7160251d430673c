import type { RowOutcome } from '../../protocol/crm-connector.ts';
import { Gone, Reconnect, Rejected, RetryLater, Uncertain } from '../../protocol/errors.ts';
import type { SyncDeps } from './deps.ts';
import type { Answer } from './settle-writes.ts';

type LogDeps = Pick<SyncDeps, 'log'>;

/** What a connector's outcome of one row means for its Write. */
export function answerOf(deps: LogDeps, outcome: RowOutcome): Answer {
  if (outcome.status === 'ok') return { status: 'ok', externalId: outcome.externalId, row: outcome.row };
  return failureOf(deps, outcome.error);
}

/** The same of a row that the connector answered with an error. */
export function failureOf(deps: LogDeps, error: Error): Answer {
  if (error instanceof Uncertain) return { status: 'unknown' };
  if (error instanceof Rejected) return { status: 'refused', error };
  if (error instanceof RetryLater) return { status: 'not_sent', retryAt_ms: error.retryAt_ms };
  if (error instanceof Gone) return { status: 'gone' };
  if (error instanceof Reconnect) return { status: 'not_sent', retryAt_ms: undefined, broken: error };
  // A fault of ours or of the connector: what it did there is not known, and the other rows' outcomes stand.
  deps.log.error({ error: error.name }, 'a write failed in an unknown way; it is read back');
  return { status: 'unknown' };
}
