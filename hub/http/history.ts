import { z } from 'zod';
import { Gone, Invalid } from '../../protocol/errors.ts';
import type { Author, Parked } from '../../protocol/nouns.ts';
import type { Bell } from '../../protocol/ports/bell.ts';
import type { Clock } from '../../protocol/ports/clock.ts';
import type { Ids } from '../../protocol/ports/ids.ts';
import type { Mapper } from '../../protocol/ports/mapper.ts';
import type { ChangeSet, Store } from '../../protocol/ports/store.ts';
import { restoreConflict } from '../sync/restore-conflict.ts';
import { retryParked } from '../sync/retry-parked.ts';
import { undoChanges } from '../sync/undo-changes.ts';
import { readHistory } from '../view/record-history.ts';
import type { Operator } from './api.ts';
import { checkApiToken } from './api-token.ts';
import { jsonBody } from './json-body.ts';
import type { Route } from './route.ts';

/** The answer of `GET /api/parked`: a page in the order of ids; `next` is `after` of the next one, null at the end. */
export interface ParkedAnswer {
  parked: Pick<Parked, 'id' | 'installationId' | 'object' | 'externalId' | 'field' | 'cause' | 'detail' | 'remedy'>[];
  next: string | null;
}

const entriesPerPage = 500;
const operator: Author = { kind: 'person', userId: 'operator' };

const name = z.string().min(1).max(200);
const vendor = z.enum(['hubspot', 'salesforce']);
const askedRow = z.strictObject({ vendor, account: name, object: name, id: name });
const askedParked = z.strictObject({ tenant: name, after: z.string().max(200).default('') });
const askedRetry = z.strictObject({ tenant: name, id: name });
const askedUndo = z.strictObject({
  tenant: name,
  from: z.iso.datetime({ offset: true }),
  to: z.iso.datetime({ offset: true }),
  side: z.enum(['hubspot', 'salesforce', 'hub']).optional(),
  user: name.optional(),
  field: name.optional(),
  confirm: z.boolean(),
});

interface HistoryDeps {
  store: Store;
  bell: Bell;
  clock: Clock;
  ids: Ids;
  mapper: Mapper;
  operator: Operator;
}

/** Why a value is what it is, what waits, and taking things back: for the operator. */
export function historyRoutes(deps: HistoryDeps): Route[] {
  const route = (
    method: Route['method'],
    path: string,
    answer: (asked: () => Buffer, query: unknown) => Promise<object>,
  ): Route => ({
    method,
    path,
    policy: 'api-token',
    bodyLimit_bytes: method === 'POST' ? 2_000 : 0,
    handle: async (ctx, body) => {
      await checkApiToken(deps.operator, ctx);
      ctx.body = await answer(() => body, { ...ctx.query }).catch(saidToAsker);
    },
  });
  return [
    route('GET', '/api/history', async (_, query) => {
      const { account, id, ...row } = queryOf(query, askedRow);
      const history = await readHistory(deps.store, { ...row, accountId: account, externalId: id });
      if (!history)
        throw new Gone('No record is known for this row.', undefined, 'Check the account, the object and the id.');
      return history;
    }),
    route('GET', '/api/parked', async (_, query): Promise<ParkedAnswer> => {
      const { tenant, after } = queryOf(query, askedParked);
      await checkTenant(deps.store, tenant);
      const entries = await deps.store.tenant(tenant, (tx) => tx.parkedEntries(after, entriesPerPage));
      return {
        parked: entries.map(({ recordId: _record, value: _value, waitsFor: _row, at_ms: _at, ...entry }) => entry),
        next: entries.length === entriesPerPage ? (entries.at(-1)?.id ?? null) : null,
      };
    }),
    route('POST', '/api/parked/retry', async (body) => {
      const { tenant, id } = jsonBody(body(), askedRetry);
      await checkTenant(deps.store, tenant);
      const { cause } = await retryParked(deps, tenant, id, 'person:operator');
      return { cause };
    }),
    route('POST', '/api/conflicts/restore', async (body) => {
      const { tenant, id } = jsonBody(body(), askedRetry);
      await checkTenant(deps.store, tenant);
      return restoreConflict(deps, tenant, id, operator);
    }),
    route('POST', '/api/changes/undo', async (body) => {
      const { tenant, confirm, ...asked } = jsonBody(body(), askedUndo);
      await checkTenant(deps.store, tenant);
      return undoChanges(deps, tenant, changeSet(asked), { by: operator, dryRun: !confirm });
    }),
  ];
}

function changeSet({ from, to, side, user, field }: Omit<z.infer<typeof askedUndo>, 'tenant' | 'confirm'>): ChangeSet {
  const set = { from_ms: Date.parse(from), to_ms: Date.parse(to) };
  if (set.from_ms > set.to_ms) throw new Invalid('The stretch of time ends before it begins.', 'Swap from and to.');
  return { ...set, ...(side && { side }), ...(user && { userId: user }), ...(field && { field }) };
}

function queryOf<T>(query: unknown, schema: z.ZodType<T>): T {
  return jsonBody(Buffer.from(JSON.stringify(query)), schema);
}

async function checkTenant(store: Store, tenantId: string): Promise<void> {
  if ((await store.tenants()).some(({ id }) => id === tenantId)) return;
  throw new Invalid('There is no such tenant.', 'Take its id from `rapport status`.');
}

/** What is not there any more is the asker's to know, not a fault. */
function saidToAsker(error: unknown): never {
  throw error instanceof Gone ? new Invalid(error.message, error.remedy, error) : error;
}
