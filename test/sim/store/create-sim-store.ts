import type { NewTenant } from '../../../hub/store/admin.ts';
import type { Clock } from '../../../protocol/ports/clock.ts';
import type { Ids } from '../../../protocol/ports/ids.ts';
import type { Leases } from '../../../protocol/ports/leases.ts';
import type { Store } from '../../../protocol/ports/store.ts';
import { LeasesInMemory } from '../../kit/leases-in-memory.ts';
import { DueTable } from './due.ts';
import { takeIn } from './intake.ts';
import { Locks } from './locks.ts';
import { provision, type Routes } from './provision.ts';
import type { HubRows, Moment, SimDb, Unrouted } from './sim-db.ts';
import { keyOf } from './table.ts';
import { newTables, type Tables } from './tables.ts';
import { tenantTx } from './tenant-tx.ts';
import { Transaction } from './transaction.ts';

/** What a simulator does to the store beside what the engine may. */
export interface OperatorThings {
  /** Makes a tenant, its installations, routes and grants; may be repeated, as in `hub/store/admin.ts`. */
  provisionTenant(tenant: NewTenant): Promise<void>;
  /** The store as one process has it: `cut` is that process's death, and takes its open transactions with it. */
  connect(): { store: Store; cut(): void };
  leases: Leases;
  /** What is committed of a tenant, to be looked at only. */
  tables(tenantId: string): Tables;
  unrouted(): readonly Unrouted[];
  close(): Promise<void>;
}

/** The store in memory. What it promises is what the conformance suite asks of PostgreSQL; see README.md for what it hides. */
export function createSimStore({ clock, ids }: { clock: Clock; ids: Ids }): Store & OperatorThings {
  const tenants = new Map<string, Tables>();
  const routes: Routes = new Map();
  const locks = new Locks();
  const hub: HubRows = { due: new DueTable(), leases: new LeasesInMemory(), unrouted: [] };
  let seq = 0;

  const tablesOf = (tenantId: string): Tables => {
    let tables = tenants.get(tenantId);
    if (!tables) tenants.set(tenantId, (tables = newTables(tenantId)));
    return tables;
  };

  const dbOf = (tx: Transaction, moment: Moment, tenantId: string): SimDb => ({
    tenantId,
    clock,
    ids,
    tx,
    hub,
    moment,
    view: (name) => tx.view(tablesOf(tenantId)[name] as never) as never,
    mark: (installationId, lane, due_ms) =>
      moment.acts.push(() => hub.due.mark({ tenantId, installationId, lane }, due_ms)),
    nextSeq: () => ++seq,
  });

  function connect(): { store: Store; cut(): void } {
    const open = new Set<Transaction>();

    /** The whole of a transaction: nothing of it stays when `work` throws, or when the process is cut off. */
    async function transactional<T>(work: (dbFor: (tenantId: string) => SimDb) => Promise<T>): Promise<T> {
      const tx = new Transaction(locks, clock);
      const moment: Moment = { checks: [], acts: [] };
      open.add(tx);
      try {
        const result = await work((tenantId) => dbOf(tx, moment, tenantId));
        for (const check of moment.checks) check();
        tx.commit();
        for (const act of moment.acts) act();
        return result;
      } finally {
        tx.rollback();
        open.delete(tx);
      }
    }

    const tenant: Store['tenant'] = (tenantId, work) => transactional((dbFor) => work(tenantTx(dbFor(tenantId))));

    const store: Store = {
      tenant,
      route: async (vendor, accountId) => routes.get(keyOf(vendor, accountId)),
      receive: (batches) => transactional((dbFor) => takeIn(dbFor, batches)),
      async keepUnrouted(entry) {
        hub.unrouted.push({ id: ids.next(), at_ms: clock.now_ms(), ...entry });
      },
      ...hub.due.statements,
      async tenants() {
        const known = [...new Set([...routes.values()].map(({ tenantId }) => tenantId))].sort();
        return Promise.all(known.map((tenantId) => tenant(tenantId, (tx) => tx.tenant())));
      },
      ping: async () => undefined,
    };
    return {
      store,
      cut() {
        for (const tx of open) tx.rollback();
      },
    };
  }

  const { store } = connect();
  return {
    ...store,
    async provisionTenant(tenant) {
      provision(tablesOf(tenant.id), routes, tenant);
      for (const { id, state } of tenant.installations)
        if (state !== 'disconnected')
          await hub.leases.offer({ tenantId: tenant.id, installationId: id, what: 'stream' });
    },
    connect,
    leases: hub.leases,
    tables: tablesOf,
    unrouted: () => hub.unrouted,
    close: async () => undefined,
  };
}
