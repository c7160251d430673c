import { z } from 'zod';
import type { Bell } from '../../protocol/ports/bell.ts';
import type { Clock } from '../../protocol/ports/clock.ts';
import type { Store } from '../../protocol/ports/store.ts';
import { decideHeld, listHeld, type HeldGroup } from '../runs/held-groups.ts';
import type { Operator } from './api.ts';
import { checkApiToken } from './api-token.ts';
import { jsonBody } from './json-body.ts';
import type { Route } from './route.ts';

/** The answer of `GET /api/runs`. */
export interface HeldAnswer {
  held: HeldGroup[];
}

/** The answer of `POST /api/runs/start` and `/api/runs/cancel`: how many runs that were. */
export interface DecidedAnswer {
  count: number;
}

const asked = z.strictObject({ group: z.string().min(1).max(500) });

/** What the operator decides about runs of bulk changes. */
export function runRoutes(deps: { store: Store; bell: Bell; clock: Clock; operator: Operator }): Route[] {
  const policy = 'api-token' as const;
  const decide = (decision: 'start' | 'cancel'): Route => ({
    method: 'POST',
    path: `/api/runs/${decision}`,
    policy,
    bodyLimit_bytes: 2_000,
    handle: async (ctx, body) => {
      await checkApiToken(deps.operator, ctx);
      const { group } = jsonBody(body, asked);
      ctx.body = { count: await decideHeld(deps, group, decision) } satisfies DecidedAnswer;
    },
  });
  return [
    {
      method: 'GET',
      path: '/api/runs',
      policy,
      bodyLimit_bytes: 0,
      handle: async (ctx) => {
        await checkApiToken(deps.operator, ctx);
        ctx.body = { held: await listHeld(deps.store) } satisfies HeldAnswer;
      },
    },
    decide('start'),
    decide('cancel'),
  ];
}
