import { randomUUID } from 'node:crypto';
import { Metadata, status, type ServiceError } from '@grpc/grpc-js';

/** The vendor's codes that this stand-in answers with, and their gRPC status (Pub/Sub API docs: handling errors). */
const codes = {
  'service.auth.headers.invalid': [
    status.UNAUTHENTICATED,
    'The value of an authentication header is invalid or blank.',
  ],
  'service.auth.error': [
    status.UNAUTHENTICATED,
    'An authentication exception occurred. Provide valid authentication via metadata headers.',
  ],
  'topic.validation.empty': [status.INVALID_ARGUMENT, 'The topic name is blank.'],
  'topic.not.found': [status.NOT_FOUND, 'The topic was not found.'],
  'schema.validation.failed': [status.INVALID_ARGUMENT, 'The schema ID is blank.'],
  'schema.meta.permission': [status.PERMISSION_DENIED, 'The schema could not be accessed.'],
  'subscription.fetch.replayid.validation.failed': [
    status.INVALID_ARGUMENT,
    'The replay preset is CUSTOM, but the request has no replay ID.',
  ],
  'subscription.fetch.replayid.corrupted': [
    status.INVALID_ARGUMENT,
    'The Replay ID is invalid or refers to an event outside the retention window.',
  ],
  'subscription.fetch.requested.events.invalid': [
    status.INVALID_ARGUMENT,
    'The number of requested events must be greater than zero.',
  ],
  'subscription.fetch.topic.mismatch': [
    status.INVALID_ARGUMENT,
    'The topic name differs from that of the first fetch request.',
  ],
} as const;

export type VendorCode = keyof typeof codes;

/** An error as the vendor ends a call: status, text with the RPC id, and the code in the trailer `error-code`. */
export function statusError(code: VendorCode): ServiceError {
  const [grpcStatus, text] = codes[code];
  const rpcId = randomUUID();
  const metadata = new Metadata();
  metadata.set('error-code', `sfdc.platform.eventbus.grpc.${code}`);
  metadata.set('rpc-id', rpcId);
  const details = `${text} rpcId: ${rpcId}`;
  return Object.assign(new Error(details), { code: grpcStatus, details, metadata });
}
