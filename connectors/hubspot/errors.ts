import { z } from 'zod';
import { Fault, Gone, OutOfReach, Rejected, RetryLater, Uncertain, type RapportError } from '../../protocol/errors.ts';
import type { Effect } from '../../protocol/unanswered.ts';

const context = z.record(z.string(), z.array(z.string())).catch({});
const detail = z.looseObject({
  message: z.string().catch(''),
  code: z.string().optional().catch(undefined),
  in: z.string().optional().catch(undefined),
  context: context.optional(),
});

/** The `Error` and `StandardError` schemas of HubSpot's OpenAPI files, read tolerantly: an error must never hide behind its form. */
const errorBody = z.looseObject({
  message: z.string().catch(''),
  category: z.string().catch(''),
  subCategory: z.string().catch(''),
  policyName: z.string().catch(''),
  context: context.optional(),
  errors: z.array(detail).catch([]),
});
export type ErrorBody = z.infer<typeof errorBody>;

export function readErrorBody(json: unknown): ErrorBody {
  return errorBody.parse(typeof json === 'object' && json !== null ? json : { message: json });
}

/** HubSpot's own error answer; the `cause` of what is made of it. */
export class HubspotAnswer extends Error {
  readonly status: number;
  readonly body: ErrorBody;

  constructor(status: number, body: ErrorBody) {
    super(`HubSpot answered ${status} ${body.category}: ${body.message}`);
    this.name = 'HubspotAnswer';
    this.status = status;
    this.body = body;
  }
}

/** An access token that is not taken (any more). Stays inside: it is answered by one refresh. */
export class TokenRefused extends Error {}

/** The grant does not cover what a read asks for; whatever else it covers still works. */
export class NotGranted extends OutOfReach {
  /** As the refusal of a write that had to read first. */
  asRefusal(field?: string): Rejected {
    const { message, remedy, cause } = this;
    return new Rejected(message, { code: notGrantedCode, field, remedy, cause });
  }
}

const notGrantedCode = 'not_granted';

/** A write that the grant does not cover, whatever its values. */
export function isNotGranted(error: unknown): boolean {
  return error instanceof Rejected && error.code === notGrantedCode;
}

/** What a read gives, or `otherwise` where the grant does not cover it. */
export async function whereGranted<T, U>(read: Promise<T>, otherwise: U): Promise<T | U> {
  try {
    return await read;
  } catch (error) {
    if (error instanceof NotGranted) return otherwise;
    throw error;
  }
}

/** HubSpot docs, "API usage guidelines" and "Error handling": which status asks for how long a wait. */
export function retryAfter_ms(status: number, headers: Headers, body: ErrorBody): number {
  const seconds = Number(headers.get('retry-after'));
  if (Number.isFinite(seconds) && seconds > 0) return seconds * 1000;
  if (status === 423) return 2_000;
  if (status !== 429) return 5_000;
  if (body.policyName === 'DAILY') return 60 * 60_000;
  if (body.policyName === 'SECONDLY' || /secondly/i.test(body.message)) return 1_000;
  return 10_000;
}

/** Translates an answer of status 400 or more. */
export function translate(answer: HubspotAnswer, effect: Effect, retryAt_ms: number): RapportError {
  const { status, body } = answer;
  if (status === 429 || status === 423 || status === 477 || status === 503) return busy(answer, retryAt_ms);
  if (status >= 500) return effect === 'write' ? new Uncertain(answer.message, answer) : busy(answer, retryAt_ms);
  if (status === 404 || status === 410) return new Gone(answer.message, answer);
  if (status === 403 && (effect === 'read' || /SCOPE/.test(body.category))) return notGranted(answer, effect);
  if (effect === 'write') return refusal(body, answer, status === 409);
  return new Fault(answer.message, answer);
}

/** Translates one entry of a 207's `errors`. */
export function translateEntry(body: ErrorBody, now_ms: number): RapportError {
  if (/NOT_FOUND/.test(body.category)) return new Gone(body.message, body);
  if (/RATE_LIMIT/.test(body.category)) return new RetryLater(body.message, now_ms + 10_000, body);
  return refusal(body, body, /CONFLICT/.test(body.category));
}

/** HubSpot docs, "Scopes": a 403 names the scopes of which one is missing. */
function notGranted(answer: HubspotAnswer, effect: Effect): RapportError {
  const scopes = answer.body.errors.flatMap((one) => one.context?.['requiredGranularScopes'] ?? []);
  const wanted = scopes.length > 0 ? `one of the scopes ${scopes.join(', ')}` : 'what HubSpot names here';
  const message = `HubSpot does not allow this to the app: ${answer.body.message}`;
  const remedy = `An admin must connect this account again and grant ${wanted}.`;
  const error = new NotGranted(message, remedy, answer);
  return effect === 'read' ? error : error.asRefusal();
}

function busy(answer: HubspotAnswer, retryAt_ms: number): RetryLater {
  return new RetryLater(answer.message, retryAt_ms, answer);
}

/** Which value is refused, and why. Property faults come in `errors`, or as JSON inside the message. */
function refusal(body: ErrorBody, cause: unknown, conflict: boolean): Rejected {
  const first = body.errors[0];
  const inside = insideMessage(body.message);
  const field =
    first?.context?.['propertyName']?.[0] ?? body.context?.['propertyName']?.[0] ?? inside?.name ?? first?.in;
  const vendorCode = first?.code ?? inside?.error ?? body.category;
  const message = first?.message || inside?.message || body.message || 'HubSpot refused the values without a reason';
  const taken =
    conflict || /CONFLICT|UNIQUE|DUPLICATE/.test(vendorCode) || /already (exists|has that value)/.test(message);
  if (!taken) return new Rejected(message, { code: vendorCode || 'refused', field, cause });
  const said = message === body.message ? message : `${message} (${body.message})`;
  const remedy = 'Merge the two records in HubSpot, or change the value that both have.';
  return new Rejected(said, { code: 'duplicate', field, existingId: namedIn(said), remedy, cause });
}

/** Recorded answers: `Contact already exists. Existing ID: 123`, `... 123 already has that value.` */
function namedIn(message: string): string | undefined {
  const found = /Existing ID: (\d+)|(\d+) already has that value/.exec(message);
  return found?.[1] ?? found?.[2];
}

const propertyFault = z.array(z.looseObject({ name: z.string(), error: z.string().optional(), message: z.string() }));

/** `Property values were not valid: [{"isValid":false,"message":...,"error":"INVALID_OPTION","name":"dealstage",...}]` */
function insideMessage(message: string): { name: string; error?: string | undefined; message: string } | undefined {
  const start = message.indexOf('[{');
  if (start < 0) return undefined;
  try {
    return propertyFault.parse(JSON.parse(message.slice(start, message.lastIndexOf(']') + 1)))[0];
  } catch {
    return undefined;
  }
}
