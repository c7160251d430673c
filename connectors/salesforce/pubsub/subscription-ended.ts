import { status, type ServiceError } from '@grpc/grpc-js';

/**
 * Why a subscription ended; the caller decides:
 * - `replay_expired`: the replay id is unknown or older than 72 h. Compare the objects, then start from `earliest`.
 * - `auth`: the access token is no longer accepted. Get a new one, then start again from the stored replay id.
 * - `limit`: the org's 24-hour event delivery is used up. Poll until it is not.
 * - `refused`: the topic or the permission is missing. Nothing changes until an admin acts.
 * - `unavailable`: anything that passes by itself. Start again from the stored replay id, with growing pauses.
 */
export type EndKind = 'replay_expired' | 'auth' | 'limit' | 'refused' | 'unavailable';

export class SubscriptionEnded extends Error {
  readonly kind: EndKind;
  /** The vendor's own code where it gave one, e.g. `sfdc.platform.eventbus.grpc.topic.not.found`. */
  readonly code: string | undefined;

  constructor(kind: EndKind, message: string, options: { code?: string | undefined; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'SubscriptionEnded';
    this.kind = kind;
    this.code = options.code;
  }
}

const permanent = new Set([
  status.NOT_FOUND,
  status.PERMISSION_DENIED,
  status.INVALID_ARGUMENT,
  status.FAILED_PRECONDITION,
  status.UNIMPLEMENTED,
]);

/** Reads gRPC status and the trailer `error-code` (Pub/Sub API docs: handling errors, retrying RPC calls). */
export function endedBy(error: ServiceError): SubscriptionEnded {
  const trailer = error.metadata?.get('error-code')[0];
  const code = trailer === undefined ? undefined : String(trailer);
  return new SubscriptionEnded(kindOf(error, code ?? ''), error.details || error.message, { code, cause: error });
}

function kindOf(error: ServiceError, code: string): EndKind {
  // The text is read as well: a proxy that drops trailers must not turn an expired id into an endless retry.
  const aboutReplay = code.includes('.replayid.') || (!code && /replay ?id/i.test(error.details ?? ''));
  if (error.code === status.INVALID_ARGUMENT && aboutReplay) return 'replay_expired';
  if (error.code === status.UNAUTHENTICATED || code.includes('.service.auth.')) return 'auth';
  if (code.endsWith('.subscription.limit.exceeded')) return 'limit';
  return permanent.has(error.code) ? 'refused' : 'unavailable';
}
