import { Counter, Registry as MetricRegistry, collectDefaultMetrics } from 'prom-client';
import { pino } from 'pino';
import type { Reconnect } from '../protocol/errors.ts';
import { faultForLog, shownReason } from '../protocol/fault-for-log.ts';
import type { Installation } from '../protocol/nouns.ts';
import type { WorkAddress } from '../protocol/ports/bell.ts';
import { createGates, vendorLimits } from './budget/gates.ts';
import { openRedisBudgets } from './budget/redis-budgets.ts';
import type { Config, Role } from './config.ts';
import { createCrmAccess } from './crm-access.ts';
import { grantLock } from './grant-lock.ts';
import { Problems } from './http/problems.ts';
import { hubRoutes } from './http/routes.ts';
import { SealedTokens } from './http/sealed-token.ts';
import { createApp, listen } from './http/server.ts';
import { Streams } from './inbound/streams.ts';
import { apiToken, derivedKey, encryptionKeys } from './local-secrets.ts';
import { provision } from './provision.ts';
import { migrateQueue, openBell } from './queue.ts';
import { createRegistry } from './registry.ts';
import { keepRetention } from './retention.ts';
import { Performer } from './runs/perform.ts';
import { startMatched } from './runs/start-matched.ts';
import { migrate } from './store/migrate.ts';
import { openStore, type OpenStore } from './store/open-store.ts';
import { backfillPage } from './sync/backfill.ts';
import { deliverBatch } from './sync/deliver.ts';
import type { SyncDeps } from './sync/deps.ts';
import { fileRecords } from './sync/file-records.ts';
import { observeBatch } from './sync/observe.ts';
import { pollOnce } from './sync/poll.ts';
import { sweepOnce } from './sync/sweep.ts';
import { systemClock } from './system-clock.ts';
import { timeOrderedIds } from './time-ordered-ids.ts';
import { startWorkers } from './workers.ts';

export interface Hub {
  port: number;
  stop(): Promise<void>;
}

/** New partitions are laid, and old ones dropped, once a day. */
const upkeepEvery_ms = 86_400_000;

/** Builds everything and starts it. Throws one of the family when the environment does not allow it. */
export async function startHub(config: Config): Promise<Hub> {
  const has = (role: Role): boolean => config.ROLES.includes(role);
  const clock = systemClock;
  const ids = timeOrderedIds(clock);
  const log = pino({ level: config.LOG_LEVEL, base: null });
  const keys = encryptionKeys(config.DATA_DIR, config.ENCRYPTION_KEY);
  const registry = createRegistry(config, clock);
  const owner = config.DATABASE_OWNER_URL
    ? { ownerUrl: config.DATABASE_OWNER_URL, appRole: decodeURIComponent(new URL(config.DATABASE_URL).username) }
    : undefined;
  if (owner) {
    await migrate(owner);
    if (!config.REDIS_URL) await migrateQueue(owner);
  }
  const store = await openStore({ url: config.DATABASE_URL, keys, clock });
  await store.setApiToken(apiToken(config.DATA_DIR).hash);
  if (config.PROVISION_FILE) await provision(store, clock, config.PROVISION_FILE, config.crmsAreLocal);
  const bell = await openBell({ url: config.REDIS_URL ?? config.DATABASE_URL, log });

  const metrics = new MetricRegistry();
  collectDefaultMetrics({ register: metrics });
  const vendorCalls = new Counter({
    name: 'rapport_vendor_calls_total',
    help: 'Calls to vendors, by purpose',
    labelNames: ['vendor', 'endpoint', 'object', 'purpose'],
    registers: [metrics],
  });
  const redisBudgets = config.REDIS_URL ? openRedisBudgets({ url: config.REDIS_URL, clock, log }) : undefined;
  const budgets = redisBudgets ?? store.budgets;
  const gateFor = createGates({
    limits: config.VENDOR_LIMITS === 'on' ? vendorLimits : { hubspot: {}, salesforce: {} },
    store: budgets,
    clock,
    log,
    chance: Math.random,
    record: (vendor, { endpoint, object, purpose }) =>
      vendorCalls.inc({ vendor, endpoint, object, purpose: purpose.what }),
  });

  const { mapper, connectors, model, fetchPage, search, social, jobs } = registry;
  const alone = grantLock({ leases: store.leases, clock, ids });
  const crm = createCrmAccess({
    store,
    connectors,
    clock,
    gateFor,
    grantLock: alone,
  });
  const sync: SyncDeps = {
    store,
    bell,
    crm,
    mapper,
    clock,
    ids,
    log,
    startedAt_ms: clock.now_ms(),
    startRuns: (tx, seen) => startMatched({ ids, triggers: mapper.mappings.triggers }, tx, seen),
  };
  const performer = new Performer({
    store,
    bell,
    crm,
    clock,
    ids,
    log,
    jobs,
    model,
    fetchPage,
    search,
    social,
    referencesOf: (kind) =>
      mapper.mappings.kinds[kind].fields.filter((field) => field.type === 'reference').map((field) => field.name),
    file: (tx, filing) => fileRecords(sync, tx, filing),
  });

  const problems = new Problems();
  let ready = false;
  const routes = hubRoutes(
    {
      store,
      crm,
      mapper,
      clock,
      bell,
      ids,
      connectors,
      problems,
      grantLock: alone,
      proveGrant: (installation, grant) =>
        connectors[installation.vendor].proveGrant({
          accountId: installation.accountId,
          grant,
          gate: gateFor(installation),
        }),
      operator: store,
      budgets,
      tokens: new SealedTokens(derivedKey(keys, 'component tokens')),
      metrics: async () => ({ type: metrics.contentType, text: await metrics.metrics() }),
      ready: () => ready,
    },
    { inbound: has('inbound'), gateway: has('gateway') },
  );
  const app = createApp(routes, log);
  const server = await listen(app, { host: config.HOST, port: config.PORT });
  const housekeeping = setInterval(() => {
    if (owner)
      migrate(owner).catch((error: unknown) => log.error(faultForLog(error), 'daily upkeep of the tables failed'));
  }, upkeepEvery_ms);
  housekeeping.unref();

  const workers = startWorkers(
    { store, bell, clock, log, accountBroken: (address, error) => markBroken(store, address, error) },
    {
      ...(has('sync') && {
        observe: (address) => observeBatch(sync, address),
        backfill: (address) => backfillPage(sync, address),
        poll: (address) => pollOnce(sync, address),
        sweep: (address) => sweepOnce(sync, address, config.SWEEP_EVERY_HOURS * 3_600_000),
      }),
      ...(has('delivery') && { deliver: (address) => deliverBatch(sync, address) }),
      ...(has('research') && { runs: (address) => performer.look(address) }),
    },
  );
  const streams = new Streams({ store, leases: store.leases, bell, mapper, crm, clock, log, holder: ids.next() });
  if (has('inbound')) {
    for (const { tenantId, id } of await connected(store))
      await store.leases.offer({ tenantId, installationId: id, what: 'stream' });
    streams.start();
  }
  const kept = { runs_days: config.RUNS_KEPT_DAYS, writes_days: config.WRITES_KEPT_DAYS };
  const retention = has('sync') ? keepRetention({ store, clock, log }, kept) : undefined;
  ready = true;

  return {
    port: server.port,
    async stop() {
      ready = false;
      clearInterval(housekeeping);
      await server.stop();
      await Promise.all([streams.stop(), workers.stop(), performer.stop(), retention?.stop()]);
      await bell.close();
      await redisBudgets?.close();
      await registry.close();
      await store.close();
    },
  };
}

async function connected(store: OpenStore): Promise<Installation[]> {
  const found: Installation[] = [];
  for (const tenant of await store.tenants()) {
    const installations = await store.tenant(tenant.id, (tx) => tx.installations());
    found.push(...installations.filter((one) => one.state !== 'disconnected'));
  }
  return found;
}

/** The account stays connected; why it makes no calls is shown to its admin. */
async function markBroken(
  store: OpenStore,
  { tenantId, installationId }: WorkAddress,
  error: Reconnect,
): Promise<void> {
  await store.tenant(tenantId, (tx) => tx.updateInstallation(installationId, { brokenReason: shownReason(error) }));
}
