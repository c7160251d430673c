import type { Metadata } from '@grpc/grpc-js';
import { statusError } from './status-error.ts';

export interface Session {
  orgId: string;
  userId: string;
}

/**
 * Who calls, by the three metadata headers `accesstoken`, `instanceurl`, `tenantid` (Pub/Sub API docs: authentication).
 * Throws the vendor's UNAUTHENTICATED errors; a token of one org with the id of another is refused.
 */
export function authenticate(metadata: Metadata, session: (accessToken: string) => Session | undefined): Session {
  const header = (name: string): string => String(metadata.get(name)[0] ?? '').trim();
  const accessToken = header('accesstoken');
  const tenantId = header('tenantid');
  if (!accessToken || !tenantId || !/^https?:\/\/\S+$/.test(header('instanceurl'))) {
    throw statusError('service.auth.headers.invalid');
  }
  const found = session(accessToken);
  if (!found || found.orgId !== tenantId) throw statusError('service.auth.error');
  return found;
}
