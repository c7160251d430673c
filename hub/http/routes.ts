import type { CrmConnector } from '../../protocol/crm-connector.ts';
import type { Vendor } from '../../protocol/nouns.ts';
import type { BudgetStore } from '../../protocol/ports/budget-store.ts';
import { apiRoutes, type Operator } from './api.ts';
import { deletesRoute } from './deletes.ts';
import { healthRoutes } from './health.ts';
import { historyRoutes } from './history.ts';
import { hubspotRoutes } from './hubspot.ts';
import { parkedRoutes } from './parked.ts';
import type { Problems } from './problems.ts';
import { reconnectRoute, type Alone, type ProveGrant } from './reconnect.ts';
import type { ResearchDeps } from './research.ts';
import type { Route } from './route.ts';
import { runRoutes } from './runs.ts';
import { salesforceRoutes } from './salesforce.ts';
import type { SealedTokens } from './sealed-token.ts';
import { sweepRoute } from './sweep.ts';
import { webhookRoutes } from './webhooks.ts';

export type RoutesDeps = ResearchDeps & {
  connectors: Readonly<Record<Vendor, CrmConnector>>;
  operator: Operator;
  budgets: BudgetStore;
  problems: Problems;
  proveGrant: ProveGrant;
  grantLock: Alone;
  tokens: SealedTokens;
  metrics: () => Promise<{ type: string; text: string }>;
  ready: () => boolean;
};

/** Every route of a hub that serves these roles. There is no other. */
export function hubRoutes(deps: RoutesDeps, serves: { inbound: boolean; gateway: boolean }): Route[] {
  return [
    ...healthRoutes(deps),
    ...(serves.inbound ? webhookRoutes(deps) : []),
    ...(serves.gateway ? hubspotRoutes({ ...deps, connector: deps.connectors.hubspot }) : []),
    ...(serves.gateway ? salesforceRoutes(deps) : []),
    ...apiRoutes(deps),
    reconnectRoute(deps),
    deletesRoute(deps),
    sweepRoute(deps),
    ...runRoutes(deps),
    ...historyRoutes(deps),
    ...parkedRoutes(deps),
  ];
}
