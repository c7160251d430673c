import { z } from 'zod';
import { Fault, Gone, Reconnect, Rejected, RetryLater, Uncertain, type RapportError } from '../../protocol/errors.ts';
import { longId } from './long-id.ts';
import { unanswered, type Effect } from '../../protocol/unanswered.ts';

/** The code of a Rejected where the org's own code ran into a limit. */
export const codeLimit = 'code_limit';
/** The same where it failed over one row, whatever its batch. */
export const codeFailure = 'code_failure';

/** One entry of an error body, or of a row's `errors` in a collection (there `statusCode`). */
const errorItem = z.looseObject({
  errorCode: z.string().optional(),
  statusCode: z.string().optional(),
  message: z.string().catch(''),
  fields: z.array(z.string()).catch([]),
});
export const errorItems = z.array(errorItem);
export type ErrorItem = z.infer<typeof errorItem>;

/** A session that is not taken (any more). Stays inside: it is answered by one new session. */
export class SessionRefused extends Error {}

/** Salesforce itself failed in the middle of the call, over its rows perhaps: told apart from a call without an answer. */
export class FailedInside extends Uncertain {}

/** The call names a field or object that the org does not have, or hides: answered by one new describe where that helps. */
export class UnknownField extends Fault {}

/** The vendor's code of what jsforce throws: HttpApiError has `errorCode` and the error body in `data`. */
export function itemOf(error: unknown): ErrorItem | undefined {
  if (!(error instanceof Error) || !('errorCode' in error)) return undefined;
  const data = 'data' in error ? error.data : undefined;
  const first = errorItem.safeParse(Array.isArray(data) ? data[0] : data);
  const code = String(error.errorCode);
  return { ...(first.success ? first.data : { fields: [] }), errorCode: code, message: error.message };
}

/** Salesforce gives no Retry-After: a daily limit is asked about again after a quarter of an hour, the rest soon. */
export function retryAfter_ms(item: ErrorItem): number {
  return /TotalRequests/i.test(item.message) ? 15 * 60_000 : 5_000;
}

const busyCodes = /^(REQUEST_LIMIT_EXCEEDED|UNABLE_TO_LOCK_ROW|SERVER_UNAVAILABLE|ERROR_HTTP_(429|503)|QUERY_TIMEOUT)$/;
const closedCodes =
  /^(API_CURRENTLY_DISABLED|API_DISABLED_FOR_ORG|FUNCTIONALITY_NOT_ENABLED|INVALID_SESSION_ID|INSUFFICIENT_ACCESS)$/;

/** Translates what a call threw: an error answer, or no answer at all. */
export function translate(error: unknown, effect: Effect, now_ms: number): RapportError | SessionRefused {
  const item = itemOf(error);
  if (!item) return unanswered('Salesforce', error, effect, now_ms);
  const code = item.errorCode ?? '';
  const message = `Salesforce answered ${code}: ${item.message}`;
  if (code === 'INVALID_SESSION_ID' || code === 'ERROR_HTTP_401') return new SessionRefused(message, { cause: error });
  if (busyCodes.test(code)) return new RetryLater(message, now_ms + retryAfter_ms(item), error);
  if (code === 'UNKNOWN_EXCEPTION' && effect === 'write') return new FailedInside(message, error);
  if (/^(ERROR_HTTP_5|UNKNOWN_EXCEPTION)/.test(code)) {
    return effect === 'write' ? new Uncertain(message, error) : new RetryLater(message, now_ms + 5_000, error);
  }
  if (closedCodes.test(code)) return new Reconnect(message, error);
  if (code === 'NOT_FOUND' || code === 'ERROR_HTTP_404') return new Gone(message, error);
  if (code === 'INVALID_FIELD' || code === 'INVALID_TYPE') return new UnknownField(message, error);
  return effect === 'write' ? translateRow([item], error, now_ms) : new Fault(message, error);
}

/**
 * Code of the org itself (Apex, a flow) ran into a limit: with fewer rows it may not. Source: Apex developer guide, Execution
 * Governors and Limits.
 */
function isCodeLimit(items: readonly ErrorItem[]): boolean {
  return items.some(({ statusCode, errorCode, message }) => {
    const code = statusCode ?? errorCode ?? '';
    if (!/^(CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY|CANNOT_EXECUTE_FLOW_TRIGGER|LIMIT_EXCEEDED)$/.test(code)) return false;
    return /LimitException|LIMIT_EXCEEDED|Apex CPU time limit|Too many (?:SOQL|DML|query rows)/i.test(message);
  });
}

/** Translates the `errors` of one row of a collection. */
export function translateRow(items: readonly ErrorItem[], cause: unknown, now_ms: number): RapportError {
  const item = items[0] ?? { message: 'Salesforce refused the row without a reason', fields: [] };
  const code = item.statusCode ?? item.errorCode ?? 'refused';
  const { message } = item;
  const [field] = item.fields;
  if (busyCodes.test(code) || code === 'UNKNOWN_EXCEPTION') {
    return new RetryLater(message, now_ms + retryAfter_ms(item), cause);
  }
  // Without fields it is the row's own id that leads nowhere.
  const ownIdUnknown = code === 'INVALID_CROSS_REFERENCE_KEY' && field === undefined;
  if (code === 'ENTITY_IS_DELETED' || code === 'NOT_FOUND' || ownIdUnknown) return new Gone(message, cause);
  if (/^(DUPLICATE_VALUE|DUPLICATES_DETECTED|DUPLICATE_EXTERNAL_ID)$/.test(code)) {
    const remedy = 'Merge the two records in Salesforce, or change the value that both have.';
    return new Rejected(message, { code: 'duplicate', field, existingId: namedIn(message), remedy, cause });
  }
  if (isCodeLimit(items)) {
    const remedy = 'Make the trigger or flow that the message names bear many rows at once.';
    return new Rejected(message, { code: codeLimit, remedy, cause });
  }
  return new Rejected(message, { code, field, cause });
}

/** Recorded answer: `duplicate value found: X duplicates value on record with id: 001...`, with 15 characters. */
function namedIn(message: string): string | undefined {
  const id = /record with id: ([a-zA-Z0-9]{18}|[a-zA-Z0-9]{15})\b/.exec(message)?.[1];
  return id?.length === 15 ? longId(id) : id;
}
