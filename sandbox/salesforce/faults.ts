/**
 * The faults of this vendor, armed by `POST /_sandbox/faults`. `match` limits a fault to calls whose facts are equal.
 *
 * | name                       | facts to match             | params                              | what happens |
 * | -------------------------- | -------------------------- | ----------------------------------- | ------------ |
 * | `api.status`               | org, method, path, client  | status, errorCode, message          | the REST call is refused before anything is done |
 * | `api.timeout_after_commit` | org, method, path, client  | none                                | the call is done and committed, then the connection breaks without an answer |
 * | `api.accept_but_ignore`    | org, entity, field, id     | none                                | the write answers 2xx, the field keeps its old value, as if a trigger reset it |
 * | `api.row_lock`             | org, entity, id            | none                                | the write of that row is refused with UNABLE_TO_LOCK_ROW |
 * | `api.lock_storm`           | org, entity                | held_ms                             | while armed, a written row's parents stay locked so long for other requests (UNABLE_TO_LOCK_ROW) |
 * | `api.poison`               | org, entity                | field, value                        | a collection call with a row of that value fails whole (500 UNKNOWN_EXCEPTION), naming none |
 * | `apex.limit`               | org, entity                | above, flow                         | every row of a batch with more rows is refused by a trigger (or a flow) that is not bulk-safe |
 * | `bulk.wait`                | org, object, kind          | none                                | a step of a bulk job does nothing |
 * | `bulk.fail`                | org, object, kind, processed | none                                | a bulk job that is in progress ends as Failed |
 * | `token.expire`             | org, client                | none                                | the session of the next REST call has expired (401 INVALID_SESSION_ID) |
 * | `token.revoke`             | org, client                | none                                | until the faults are cleared: every session of the client is dead and no new one is given |
 *
 * `path` is the part below `/services/data/vXX.X`, without its query; `client` is the client id of the session.
 * A fault fires `times` times (default 1), but for `token.revoke`, which lasts until `clear`.
 */
import { z } from 'zod';
import type { Faults } from '../kit/faults.ts';
import { ApiError } from './api-error.ts';
import type { Session } from './oauth/sessions.ts';

const statusSchema = z.strictObject({
  status: z.number().int().default(503),
  errorCode: z.string().default('SERVER_UNAVAILABLE'),
  message: z.string().default('Service is temporarily unavailable. Try again later.'),
});

/** `api.status`: throws the refusal that was asked for. */
export function refuseByFault(faults: Faults, facts: Record<string, string>): void {
  const fault = faults.take('api.status', facts);
  if (!fault) return;
  const { status, errorCode, message } = statusSchema.parse(fault.params);
  throw new ApiError(status, errorCode, message);
}

/** `token.revoke`: whether the client's access is taken away at present. */
export function isRevoked(faults: Faults, session: Pick<Session, 'orgId' | 'clientId'>): boolean {
  return faults.list().some(({ name, match }) => {
    const fits = (key: string, fact: string): boolean => match[key] === undefined || match[key] === fact;
    return name === 'token.revoke' && fits('org', session.orgId) && fits('client', session.clientId);
  });
}
