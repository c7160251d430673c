import { RetryLater, Uncertain, type RapportError } from './errors.ts';

/** Whether a call that got no answer may have changed something. */
export type Effect = 'read' | 'write';

/** Codes of a connection that was never made. */
const connectCodes = new Set<unknown>([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/**
 * Translates a call without an answer (no connection, cut, timeout, unreadable). `vendor` is its name as people know it.
 * RetryLater for a read, and where nothing was sent; else Uncertain.
 */
export function unanswered(vendor: string, error: unknown, effect: Effect, now_ms: number): RapportError {
  const cause = error instanceof Error ? error.cause : undefined;
  const neverSent = cause instanceof Error && 'code' in cause && connectCodes.has(cause.code);
  const said = error instanceof Error ? error.message : String(error);
  const message = `${vendor} did not answer: ${cause instanceof Error ? `${said} (${cause.message})` : said}`;
  if (effect === 'read' || neverSent) return new RetryLater(message, now_ms + 5_000, error);
  return new Uncertain(message, error);
}
