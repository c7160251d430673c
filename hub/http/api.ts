import type { Installation, Tenant, Vendor } from '../../protocol/nouns.ts';
import { usedUpAt_ms } from '../../protocol/allowance.ts';
import type { BudgetStore } from '../../protocol/ports/budget-store.ts';
import type { Clock } from '../../protocol/ports/clock.ts';
import type { Mapper } from '../../protocol/ports/mapper.ts';
import type { StreamHealth } from '../../protocol/ports/leases.ts';
import type { Store, TenantStatus } from '../../protocol/ports/store.ts';
import { pausedDeletes, type PausedDeletes } from '../sync/confirm-deletes.ts';
import { objectHealth, type ObjectHealth } from '../sync/object-health.ts';
import { checkApiToken } from './api-token.ts';
import type { Problems, Problem } from './problems.ts';
import type { Route } from './route.ts';

/** What the operator asks beside the engine's store. */
export interface Operator {
  isApiToken(hash: string): Promise<boolean>;
  unrouted(): Promise<{ vendor: Vendor; accountId: string | null; reason: string; count: number; latest_ms: number }[]>;
  streams(tenantId: string): Promise<Readonly<Record<string, StreamHealth>>>;
}

/** The answer of `GET /api/status`. */
export interface Status {
  tenants: (Tenant & {
    installations: (Pick<Installation, 'id' | 'vendor' | 'accountId' | 'state' | 'brokenReason'> & {
      /** null where the vendor has none. */
      stream: StreamHealth | null;
      calls: CallHealth;
      /** Objects of which too many rows went at once: nothing follows before a person says so. */
      pausedDeletes: PausedDeletes[];
      /** Of each object that people change too. */
      objects: ObjectHealth[];
    })[];
    status: TenantStatus;
  })[];
  problems: Problem[];
  unrouted: Awaited<ReturnType<Operator['unrouted']>>;
}

/** How an account may be called at present. */
interface CallHealth {
  /** The vendor closed the account to us until then; null: it is open. */
  closedUntil_ms: number | null;
  /** The vendor does not answer; the next call that tries it goes then. */
  triedAgainAt_ms: number | null;
  /** What is left of an allowance for a day, and when it will be used up if calls go on as they do; null: not within a day, or not known yet. */
  allowance: { limit: number; remaining: number; at_ms: number; usedUpAt_ms: number | null } | null;
}

/** The operator's API, for the `rapport` command. */
export function apiRoutes(deps: {
  store: Store;
  mapper: Mapper;
  budgets: BudgetStore;
  clock: Clock;
  operator: Operator;
  problems: Problems;
  metrics: () => Promise<{ type: string; text: string }>;
}): Route[] {
  return [
    {
      method: 'GET',
      path: '/api/status',
      policy: 'api-token',
      bodyLimit_bytes: 0,
      handle: async (ctx) => {
        await checkApiToken(deps.operator, ctx);
        ctx.body = await readStatus(deps);
      },
    },
    {
      method: 'GET',
      path: '/metrics',
      policy: 'api-token',
      bodyLimit_bytes: 0,
      handle: async (ctx) => {
        await checkApiToken(deps.operator, ctx);
        const { type, text } = await deps.metrics();
        ctx.type = type;
        ctx.body = text;
      },
    },
  ];
}

async function readStatus(deps: Parameters<typeof apiRoutes>[0]): Promise<Status> {
  const tenants = await deps.store.tenants();
  return {
    tenants: await Promise.all(
      tenants.map(async (tenant) => {
        const streams = await deps.operator.streams(tenant.id);
        const { installations, paused, objects, status } = await deps.store.tenant(tenant.id, async (tx) => {
          const installations = await tx.installations();
          const paused: PausedDeletes[][] = [];
          const objects: ObjectHealth[][] = [];
          for (const one of installations) {
            paused.push(await pausedDeletes(deps, tx, one.id));
            objects.push(await objectHealth(deps.mapper, tx, one, deps.clock.now_ms()));
          }
          return { installations, paused, objects, status: await tx.status() };
        });
        // After the transaction: whoever holds one connection must not wait for another.
        const shown = installations.map(async ({ id, vendor, accountId, state, brokenReason }, index) => ({
          id,
          vendor,
          accountId,
          state,
          brokenReason,
          stream: streams[id] ?? null,
          calls: await readCalls(deps, tenant.id, id),
          pausedDeletes: paused[index] ?? [],
          objects: objects[index] ?? [],
        }));
        return { ...tenant, installations: await Promise.all(shown), status };
      }),
    ),
    problems: deps.problems.list(),
    unrouted: await deps.operator.unrouted(),
  };
}

async function readCalls(
  { budgets, clock }: { budgets: BudgetStore; clock: Clock },
  tenantId: string,
  installationId: string,
): Promise<CallHealth> {
  const { state } = await budgets.readState({ tenantId, installationId });
  const { closedUntil_ms, trips, downUntil_ms, allowance } = state;
  return {
    closedUntil_ms: closedUntil_ms > clock.now_ms() ? closedUntil_ms : null,
    triedAgainAt_ms: trips > 0 ? downUntil_ms : null,
    allowance: allowance && {
      limit: allowance.limit,
      remaining: allowance.remaining,
      at_ms: allowance.at_ms,
      usedUpAt_ms: usedUpAt_ms(allowance),
    },
  };
}
