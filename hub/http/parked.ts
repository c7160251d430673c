import { z } from 'zod';
import { retryParked } from '../sync/retry-parked.ts';
import { readParked, type ParkedShown } from '../view/parked-list.ts';
import { checkTenant, name, operatorRoute, queryOf, type OperatorDeps } from './operator-route.ts';
import { jsonBody } from './json-body.ts';
import type { Route } from './route.ts';

/** The answer of `GET /api/parked`: a page in the order of ids; `next` is `after` of the next one, null at the end. */
export interface ParkedAnswer {
  parked: ParkedShown[];
  next: string | null;
}

const entriesPerPage = 200;

const askedParked = z.strictObject({ tenant: name, after: z.string().max(200).default('') });
const askedRetry = z.strictObject({ tenant: name, id: name });

/** What waits, why, and trying it again: for the operator. */
export function parkedRoutes(deps: OperatorDeps): Route[] {
  return [
    operatorRoute(deps, 'GET', '/api/parked', async (_, query): Promise<ParkedAnswer> => {
      const { tenant, after } = queryOf(query, askedParked);
      await checkTenant(deps.store, tenant);
      const parked = await deps.store.tenant(tenant, (tx) => readParked(tx, after, entriesPerPage));
      return { parked, next: parked.length === entriesPerPage ? (parked.at(-1)?.id ?? null) : null };
    }),
    operatorRoute(deps, 'POST', '/api/parked/retry', async (body) => {
      const { tenant, id } = jsonBody(body(), askedRetry);
      await checkTenant(deps.store, tenant);
      const { cause } = await retryParked(deps, tenant, id, 'person:operator');
      return { cause };
    }),
  ];
}
