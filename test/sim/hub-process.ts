import { createGates, vendorLimits } from '../../hub/budget/gates.ts';
import { createCrmAccess } from '../../hub/crm-access.ts';
import { receive } from '../../hub/inbound/receive.ts';
import { Streams } from '../../hub/inbound/streams.ts';
import { startMatched } from '../../hub/runs/start-matched.ts';
import { backfillPage } from '../../hub/sync/backfill.ts';
import { deliverBatch } from '../../hub/sync/deliver.ts';
import type { SyncDeps } from '../../hub/sync/deps.ts';
import { observeBatch } from '../../hub/sync/observe.ts';
import { pollOnce } from '../../hub/sync/poll.ts';
import { sweepOnce } from '../../hub/sync/sweep.ts';
import { startWorkers } from '../../hub/workers.ts';
import type { CrmConnector } from '../../protocol/crm-connector.ts';
import type { Reconnect } from '../../protocol/errors.ts';
import type { Vendor } from '../../protocol/nouns.ts';
import type { WorkAddress } from '../../protocol/ports/bell.ts';
import type { BudgetStore } from '../../protocol/ports/budget-store.ts';
import type { Clock } from '../../protocol/ports/clock.ts';
import type { Ids } from '../../protocol/ports/ids.ts';
import type { Leases } from '../../protocol/ports/leases.ts';
import type { Log } from '../../protocol/ports/log.ts';
import type { Mapper } from '../../protocol/ports/mapper.ts';
import type { Store } from '../../protocol/ports/store.ts';
import type { CrashableProcess } from './crashable-process.ts';
import { SimBell } from './sim-bell.ts';
import type { Door } from './vendors/webhook-sender.ts';

/** As by default: no run lasts so long, so that a sweep is one that was asked for. */
const sweepEvery_ms = 86_400_000;

/** What one process of the hub stands on. */
export interface Surroundings {
  clock: Clock;
  ids: Ids;
  log: Log;
  mapper: Mapper;
  leases: Leases;
  budgets: BudgetStore;
  connectors: Readonly<Record<Vendor, CrmConnector>>;
  /** The store as this process has it. */
  store: Store;
  pickRing(count: number): number;
}

export interface HubProcess {
  door: Door;
  deps: SyncDeps;
}

/** The engine as `hub/main.ts` builds it, on the ports of one life. */
export function startHubProcess(around: Surroundings, process: CrashableProcess): HubProcess {
  const { ids, log, mapper, store } = around;
  // Who is connected to a process that dies gets no answer.
  const dead = new Promise<false>((resolve) => process.onDeath(() => resolve(false)));
  const clock = process.guard('clock', around.clock, ['now_ms']);
  const ears = new SimBell({ pick: (count) => around.pickRing(count) });
  process.onDeath(() => ears.cut());
  const bell = process.guard('bell', ears, ['work']);
  const gateFor = createGates({
    limits: vendorLimits,
    store: around.budgets,
    clock,
    log,
    chance: () => 0,
    record: () => undefined,
  });
  const crm = createCrmAccess({
    store,
    connectors: guarded(process, around.connectors),
    clock,
    gateFor,
  });
  const deps: SyncDeps = {
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
  startWorkers(
    { store, bell, clock, log, accountBroken: (address, error) => markBroken(store, address, error) },
    {
      observe: (address) => observeBatch(deps, address),
      backfill: (address) => backfillPage(deps, address),
      poll: (address) => pollOnce(deps, address),
      sweep: (address) => sweepOnce(deps, address, sweepEvery_ms),
      deliver: (address) => deliverBatch(deps, address),
    },
  );
  new Streams({ store, bell, mapper, crm, clock, log, leases: around.leases, holder: ids.next() }).start();
  const door: Door = (events) =>
    Promise.race([
      dead,
      receive({ store, bell, mapper }, 'hubspot', events).then(
        () => true,
        () => false,
      ),
    ]);
  return { door, deps };
}

/** The calls of an opened API are guarded; opening one makes none. */
function guarded(
  process: CrashableProcess,
  { hubspot, salesforce }: Surroundings['connectors'],
): Surroundings['connectors'] {
  const open = (connector: CrmConnector): CrmConnector => ({
    ...connector,
    open: (options) => process.guard('crm', connector.open(options)),
  });
  return { hubspot: open(hubspot), salesforce: open(salesforce) };
}

/** As `hub/main.ts`: the account stays connected, and says why it makes no calls. */
async function markBroken(store: Store, { tenantId, installationId }: WorkAddress, error: Reconnect): Promise<void> {
  await store.tenant(tenantId, (tx) => tx.updateInstallation(installationId, { brokenReason: error.message }));
}
