import { z } from 'zod';
import { Gone, Invalid } from '../../protocol/errors.ts';
import type { Bell } from '../../protocol/ports/bell.ts';
import type { Clock } from '../../protocol/ports/clock.ts';
import type { Ids } from '../../protocol/ports/ids.ts';
import type { Mapper } from '../../protocol/ports/mapper.ts';
import type { Store } from '../../protocol/ports/store.ts';
import type { Operator } from './api.ts';
import { checkApiToken } from './api-token.ts';
import { jsonBody } from './json-body.ts';
import type { Route } from './route.ts';

/** What routes that look into a tenant's records, or take back what was done to them, are made of. */
export interface OperatorDeps {
  store: Store;
  bell: Bell;
  clock: Clock;
  ids: Ids;
  mapper: Mapper;
  operator: Operator;
}

/** A name or id as it is given in a request. */
export const name = z.string().min(1).max(200);

/** A route for the operator's token. `answer` is given the body and the query; a Gone that it throws is the asker's to know. */
export function operatorRoute(
  deps: Pick<OperatorDeps, 'operator'>,
  method: Route['method'],
  path: string,
  answer: (asked: () => Buffer, query: unknown) => Promise<object>,
): Route {
  return {
    method,
    path,
    policy: 'api-token',
    bodyLimit_bytes: method === 'POST' ? 2_000 : 0,
    handle: async (ctx, body) => {
      await checkApiToken(deps.operator, ctx);
      ctx.body = await answer(() => body, { ...ctx.query }).catch(saidToAsker);
    },
  };
}

export function queryOf<T>(query: unknown, schema: z.ZodType<T>): T {
  return jsonBody(Buffer.from(JSON.stringify(query)), schema);
}

/** Throws Invalid unless the tenant is there. */
export async function checkTenant(store: Store, tenantId: string): Promise<void> {
  if ((await store.tenants()).some(({ id }) => id === tenantId)) return;
  throw new Invalid('There is no such tenant.', 'Take its id from `rapport status`.');
}

function saidToAsker(error: unknown): never {
  throw error instanceof Gone ? new Invalid(error.message, error.remedy, error) : error;
}
