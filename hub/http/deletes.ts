import { z } from 'zod';
import { Gone, Invalid } from '../../protocol/errors.ts';
import type { SyncDeps } from '../sync/deps.ts';
import { confirmDeletes } from '../sync/confirm-deletes.ts';
import type { Operator } from './api.ts';
import { checkApiToken } from './api-token.ts';
import { jsonBody } from './json-body.ts';
import type { Route } from './route.ts';

/** Of `POST /api/deletes/confirm`. */
const confirmed = z.strictObject({
  tenantId: z.string().min(1),
  installationId: z.string().min(1),
  object: z.string().min(1),
});

/** A person says that rows which went all at once are rightly gone. */
export function deletesRoute(
  deps: Pick<SyncDeps, 'store' | 'bell' | 'clock' | 'mapper'> & { operator: Operator },
): Route {
  return {
    method: 'POST',
    path: '/api/deletes/confirm',
    policy: 'api-token',
    bodyLimit_bytes: 2_000,
    handle: async (ctx, body) => {
      await checkApiToken(deps.operator, ctx);
      const { tenantId, ...of } = jsonBody(body, confirmed);
      try {
        ctx.body = { count: await confirmDeletes(deps, tenantId, of, 'person:operator') };
      } catch (error) {
        // What does not wait any more is the asker's to know, not a fault.
        throw error instanceof Gone ? new Invalid(error.message, error.remedy, error) : error;
      }
    },
  };
}
