import { Invalid } from '../../../protocol/errors.ts';
import type { NewTenant } from '../../../hub/store/admin.ts';
import type { Installation, Vendor } from '../../../protocol/nouns.ts';
import type { Clock } from '../../../protocol/ports/clock.ts';
import type { Ids } from '../../../protocol/ports/ids.ts';
import type { Store, TenantTx } from '../../../protocol/ports/store.ts';
import { DueTable } from './due.ts';
import { takeIn } from './intake.ts';
import { Locks } from './locks.ts';
import type { SimDb } from './sim-db.ts';
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
  /** What is committed of a tenant, to be looked at only. */
  tables(tenantId: string): Tables;
  unrouted(): readonly Unrouted[];
  close(): Promise<void>;
}

interface Unrouted {
  id: string;
  vendor: Vendor;
  accountId: string | null;
  reason: string;
  body: Buffer;
  at_ms: number;
}

/** The store in memory. What it promises is what the conformance suite asks of PostgreSQL; see README.md for what it hides. */
export function createSimStore({ clock, ids }: { clock: Clock; ids: Ids }): Store & OperatorThings {
  const tenants = new Map<string, Tables>();
  const routes = new Map<string, { tenantId: string; installationId: string }>();
  const locks = new Locks();
  const due = new DueTable();
  let unrouted: Unrouted[] = [];
  let seq = 0;

  const tablesOf = (tenantId: string): Tables => {
    let tables = tenants.get(tenantId);
    if (!tables) tenants.set(tenantId, (tables = newTables(tenantId)));
    return tables;
  };

  /** A tenant's side of a transaction; `after` gathers what is done in the moment it commits. */
  const dbOf = (tx: Transaction, tenantId: string, after: (() => void)[]): SimDb => ({
    tenantId,
    clock,
    ids,
    tx,
    view: (name) => tx.view(tablesOf(tenantId)[name] as never) as never,
    mark: (installationId, lane, due_ms) => after.push(() => due.mark({ tenantId, installationId, lane }, due_ms)),
    nextSeq: () => ++seq,
    dropUnrouted: (vendor, accountId, texts) =>
      after.push(() => {
        unrouted = unrouted.filter(
          (one) =>
            one.vendor !== vendor || one.accountId !== accountId || !texts.some((text) => one.body.includes(text)),
        );
      }),
  });

  function connect(): { store: Store; cut(): void } {
    const open = new Set<Transaction>();

    /** The whole of a transaction: nothing of it stays when `work` throws, or when the process is cut off. */
    async function transactional<T>(work: (tx: Transaction, after: (() => void)[]) => Promise<T>): Promise<T> {
      const tx = new Transaction(locks, clock);
      const after: (() => void)[] = [];
      open.add(tx);
      try {
        const result = await work(tx, after);
        tx.commit();
        for (const act of after) act();
        return result;
      } finally {
        tx.rollback();
        open.delete(tx);
      }
    }

    const tenant = <T>(tenantId: string, work: (tx: TenantTx) => Promise<T>): Promise<T> =>
      transactional((tx, after) => work(tenantTx(dbOf(tx, tenantId, after))));

    const store: Store = {
      tenant,
      route: async (vendor, accountId) => routes.get(keyOf(vendor, accountId)),
      receive: (batches) => transactional((tx, after) => takeIn((tenantId) => dbOf(tx, tenantId, after), batches)),
      async keepUnrouted(entry) {
        unrouted.push({ id: ids.next(), at_ms: clock.now_ms(), ...entry });
      },
      ...due.statements,
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
    async provisionTenant({ id: tenantId, name, aiEnabled, installations }) {
      if (!tenantId) throw new Invalid('A tenant has no id.', 'Give it one.');
      for (const { id, vendor, accountId } of installations) {
        const known = routes.get(keyOf(vendor, accountId));
        if (known && (known.tenantId !== tenantId || known.installationId !== id))
          throw new Invalid(
            `The ${vendor} account ${accountId} is connected already, to another tenant or installation.`,
            'Disconnect it there first: one account belongs to one tenant.',
          );
      }
      const tables = tablesOf(tenantId);
      tables.tenant.set(tenantId, tables.tenant.stored({ id: tenantId, name, aiEnabled }));
      for (const { grant, ...given } of installations) {
        const installationId = given.id;
        routes.set(keyOf(given.vendor, given.accountId), { tenantId, installationId });
        const installation: Installation = { ...given, tenantId, targets: {}, brokenReason: null };
        if (tables.installations.rows.has(installationId)) continue;
        tables.installations.set(installationId, tables.installations.stored(installation));
        tables.grants.set(installationId, tables.grants.stored({ installationId, grant }));
      }
    },
    connect,
    tables: tablesOf,
    unrouted: () => unrouted,
    close: async () => undefined,
  };
}
