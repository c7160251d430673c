import { z } from 'zod';
import { Invalid } from '../../protocol/errors.ts';
import type { Bell } from '../../protocol/ports/bell.ts';
import type { Clock } from '../../protocol/ports/clock.ts';
import type { Mapper } from '../../protocol/ports/mapper.ts';
import type { Store } from '../../protocol/ports/store.ts';
import { askForSweep } from '../sync/ask-for-sweep.ts';
import type { Operator } from './api.ts';
import { checkApiToken } from './api-token.ts';
import { jsonBody } from './json-body.ts';
import type { Route } from './route.ts';

const asked = z.strictObject({ tenantId: z.string().min(1), installationId: z.string().min(1) });

/** `POST /api/sweep`: all rows of an account are compared now, whenever it was done last. `rapport status` shows how far it is. */
export function sweepRoute(deps: {
  store: Store;
  bell: Bell;
  clock: Clock;
  mapper: Mapper;
  operator: Operator;
}): Route {
  return {
    method: 'POST',
    path: '/api/sweep',
    policy: 'api-token',
    bodyLimit_bytes: 10_000,
    handle: async (ctx, body) => {
      await checkApiToken(deps.operator, ctx);
      const { tenantId, installationId } = jsonBody(body, asked);
      const objects = await deps.store.tenant(tenantId, (tx) => askForSweep(deps, tx, installationId));
      if (!objects)
        throw new Invalid(
          `Tenant ${tenantId} has no account ${installationId} that is connected.`,
          'Name the tenant and the installation as `rapport status --json` does.',
        );
      await deps.bell.ring([{ tenantId, installationId, lane: 'sweep' }]);
      ctx.body = { objects };
    },
  };
}
