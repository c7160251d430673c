import { randomUUID } from 'node:crypto';
import type { SqlEntityManager } from '@mikro-orm/postgresql';
import { RetryLater } from '../../protocol/errors.ts';
import type { Tenant } from '../../protocol/nouns.ts';
import type { Clock } from '../../protocol/ports/clock.ts';
import type { BudgetStore } from '../../protocol/ports/budget-store.ts';
import type { Leases } from '../../protocol/ports/leases.ts';
import type { Store, TenantTx } from '../../protocol/ports/store.ts';
import type { Admin } from './admin.ts';
import { admin } from './admin.ts';
import { Announcements } from './announcements.ts';
import { budgetsInRows } from './budgets.ts';
import { connect } from './connect.ts';
import { leases, writeMarks } from './due.ts';
import { GroupCommit } from './group-commit.ts';
import { deliveryOf, storeAtOnce, type Delivery } from './intake.ts';
import type { Keys } from './keyring.ts';
import { Keyring } from './keyring.ts';
import { leasesInRows, proveHolders } from './leases.ts';
import { refuseTooMuchPower } from './power.ts';
import { storeBatches } from './receive.ts';
import { readRoute, RouteCache } from './route-cache.ts';
import { UnroutedTable } from './tables/hub.ts';
import { tenantTx } from './tenant-tx.ts';
import { translateOutage } from './outage.ts';
import type { Db } from './db.ts';

const pool = 10;
const pingTimeout_ms = 1_000;

export type OpenStore = Store & Admin & { leases: Leases; budgets: BudgetStore; close(): Promise<void> };

/**
 * Opens the database for running. Throws Invalid when `url` logs in with more rights than row-level security binds, or on a
 * schema that was not migrated; RetryLater while the database does not answer.
 */
export async function openStore(options: { url: string; keys: Keys; clock: Clock }): Promise<OpenStore> {
  const { clock } = options;
  const keyring = new Keyring(options.keys);
  const orm = await connect(options.url, pool);
  const fork = (): SqlEntityManager => orm.em.fork();
  const outage = translateOutage(clock);

  try {
    await outage(() => refuseTooMuchPower(fork()));
  } catch (error) {
    await orm.close(true);
    throw error;
  }

  const native = await orm.em.getConnection().getNativeClient();
  const announcements = new Announcements({ url: options.url, pool: native, clock });
  const routes = new RouteCache(clock, (vendor, accountId) => outage(() => readRoute(native, vendor, accountId)));
  const intake = new GroupCommit<Delivery>({
    commit: (deliveries) =>
      outage(() =>
        deliveries.some(({ cursor }) => cursor !== undefined)
          ? fork().transactional(async (em) => {
              await proveHolders(em, clock, deliveries);
              await storeBatches(em, clock, deliveries);
            })
          : storeAtOnce(native, clock, deliveries),
      ),
    inFlight: 2,
    sizeOf: ({ count }) => count + 1,
    largest: 1_000,
  });

  async function tenant<T>(tenantId: string, work: (tx: TenantTx) => Promise<T>): Promise<T> {
    const em = fork();
    em.setSessionContext({ variables: { 'app.tenant': tenantId } });
    return outage(() =>
      em.transactional(async (em) => {
        const marks: Db['marks'] = [];
        const result = await work(tenantTx({ em, tenantId, clock, keyring, marks }));
        await writeMarks(em, marks);
        return result;
      }),
    );
  }

  const { dueNow, claim, release } = leases(fork);

  return {
    tenant,
    receive: async (batches) => intake.add(batches.map(deliveryOf)),
    dueNow: (now_ms, limit, lanes) => outage(() => dueNow(now_ms, limit, lanes)),
    claim: (address, now_ms, lease_ms) => outage(() => claim(address, now_ms, lease_ms)),
    release: (lease, next_ms) => outage(() => release(lease, next_ms)),

    route: (vendor, accountId) => routes.find(vendor, accountId),
    async keepUnrouted(entry) {
      await outage(() => fork().insert(UnroutedTable, { id: randomUUID(), at_ms: clock.now_ms(), ...entry }));
    },
    async tenants() {
      const rows = await outage(() =>
        fork().execute<{ tenant_id: string }[]>('select distinct tenant_id from route order by 1'),
      );
      // The list is outside tenancy, what it names is not: each is read as itself, one after the other on one connection.
      const tenants: Tenant[] = [];
      for (const { tenant_id } of rows) tenants.push(await tenant(tenant_id, (tx) => tx.tenant()));
      return tenants;
    },
    async ping() {
      const answer = outage(() =>
        fork().transactional(async (em) => {
          await em.execute(`set local statement_timeout = ${pingTimeout_ms}`);
          // A new transaction number is a write: a standby refuses it.
          await em.execute('select pg_current_xact_id()');
        }),
      );
      const silence = Promise.withResolvers<never>();
      const timer = setTimeout(() => {
        silence.reject(new RetryLater('The database does not answer.', clock.now_ms() + pingTimeout_ms));
      }, pingTimeout_ms);
      await Promise.race([answer, silence.promise]).finally(() => clearTimeout(timer));
    },

    ...admin({ fork, keyring, clock, outage }),
    leases: leasesInRows(fork, outage),
    budgets: budgetsInRows(native, outage, announcements),
    async close() {
      await announcements.close();
      await orm.close();
    },
  };
}
