import type { Installation, Tenant, Vendor } from '../../protocol/nouns.ts';
import type { StreamHealth } from '../../protocol/ports/leases.ts';
import type { Store, TenantStatus } from '../../protocol/ports/store.ts';
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
    })[];
    status: TenantStatus;
  })[];
  problems: Problem[];
  unrouted: Awaited<ReturnType<Operator['unrouted']>>;
}

/** The operator's API, for the `rapport` command. */
export function apiRoutes(deps: {
  store: Store;
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

async function readStatus(deps: { store: Store; operator: Operator; problems: Problems }): Promise<Status> {
  const tenants = await deps.store.tenants();
  return {
    tenants: await Promise.all(
      tenants.map(async (tenant) => {
        const streams = await deps.operator.streams(tenant.id);
        return deps.store.tenant(tenant.id, async (tx) => ({
          ...tenant,
          installations: (await tx.installations()).map(({ id, vendor, accountId, state, brokenReason }) => ({
            id,
            vendor,
            accountId,
            state,
            brokenReason,
            stream: streams[id] ?? null,
          })),
          status: await tx.status(),
        }));
      }),
    ),
    problems: deps.problems.list(),
    unrouted: await deps.operator.unrouted(),
  };
}
