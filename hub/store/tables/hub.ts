import { defineEntity, p } from '@mikro-orm/core';
import type { Vendor } from '../../../protocol/nouns.ts';
import type { WorkLane } from '../../../protocol/ports/bell.ts';

// The tables that stand outside tenancy: ids only, never a customer's values (`unrouted` holds bytes of nobody we know).

/** One vendor account belongs to one tenant. */
export const RouteTable = defineEntity({
  name: 'Route',
  properties: {
    vendor: p.text().$type<Vendor>().primary(),
    accountId: p.text().primary(),
    tenantId: p.text(),
    installationId: p.text(),
  },
});

/**
 * Where work waits. `dueAt_ms` is the mark; `leasedUntil_ms` is set while somebody works, the mark is taken then, and a mark
 * made meanwhile stands beside the lease. A lease that passes is work again.
 */
export const DueTable = defineEntity({
  name: 'Due',
  indexes: [{ properties: ['wakeAt_ms'] }],
  properties: {
    tenantId: p.text().primary(),
    installationId: p.text().primary(),
    lane: p.text().$type<WorkLane>().primary(),
    dueAt_ms: p.bigint('number').nullable(),
    leasedUntil_ms: p.bigint('number').nullable(),
    wakeAt_ms: p.bigint('number').generated('(coalesce(leased_until_ms, due_at_ms)) stored').nullable(),
  },
});

/** Signed bytes of accounts or shapes that we do not know. */
export const UnroutedTable = defineEntity({
  name: 'Unrouted',
  indexes: [{ properties: ['vendor', 'accountId'] }],
  properties: {
    id: p.text().primary(),
    vendor: p.text().$type<Vendor>(),
    accountId: p.text().nullable(),
    reason: p.text(),
    body: p.blob(),
    at_ms: p.bigint('number'),
  },
});

/** SHA-256 of the token that the command line uses against the running hub. */
export const ApiTokenTable = defineEntity({
  name: 'ApiToken',
  properties: { hash: p.text().primary(), at_ms: p.bigint('number') },
});
