import { Reconnect, Rejected, RetryLater, type RapportError } from './errors.ts';

/** A failed call to a model's vendor over HTTP. */
export interface ModelCallFailure {
  vendor: string;
  /** undefined: no answer came. */
  status: number | undefined;
  retryAfter: string | null;
  /** The vendor's own code or type of the error. */
  code: string | null;
  message: string;
}

const wait_ms = 5_000;
const unpaid = /insufficient_quota|billing|credit balance|payment/i;

/** Which class of error says who acts. The statuses mean the same at OpenAI and Anthropic (both docs: error codes). */
export function modelFailure(failure: ModelCallFailure, now_ms: number, cause: unknown): RapportError {
  const { vendor, status, code } = failure;
  const message = `${vendor}: ${failure.message.slice(0, 300)}`;
  if (status === 402 || unpaid.test(`${code ?? ''} ${failure.message}`)) {
    const remedy = `An admin must add credit to the ${vendor} account.`;
    return new Rejected(message, { code: 'model_quota', remedy, cause });
  }
  if (status === undefined || status === 408 || status === 409 || status === 429 || status >= 500)
    return new RetryLater(message, now_ms + retryAfter_ms(failure.retryAfter, now_ms), cause);
  if (status === 401 || status === 403) return new Reconnect(message, cause);
  const remedy =
    status === 404
      ? `An admin must set a model that the ${vendor} account may use.`
      : 'This is a fault of Rapport or of the chosen model: report it with the time it happened.';
  return new Rejected(message, { code: status === 404 ? 'model_not_found' : 'model_request', remedy, cause });
}

/** RFC 9110, 10.2.3: Retry-After is seconds or a date. */
function retryAfter_ms(header: string | null, now_ms: number): number {
  if (header === null || header.trim() === '') return wait_ms;
  const seconds = Number(header);
  const after_ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - now_ms;
  return Number.isFinite(after_ms) && after_ms > 0 ? after_ms : wait_ms;
}
