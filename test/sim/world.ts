import { join } from 'node:path';
import { loadMappings } from '../../mappings/load.ts';
import { createMapper } from '../../mappings/mapper.ts';
import type { Vendor } from '../../protocol/nouns.ts';
import type { VendorEvent } from '../../protocol/vendor-event.ts';
import type { Store } from '../../protocol/ports/store.ts';
import type { Mapper } from '../../protocol/ports/mapper.ts';
import { SeededWeather } from './faults/weather.ts';
import type { Broken } from './invariants/broken.ts';
import { startHubProcess, type HubProcess } from './hub-process.ts';
import { CrashableProcess, type PortCall } from './crashable-process.ts';
import type { Place } from './place.ts';
import type { Script } from './script.ts';
import { seededIds } from './seeded-ids.ts';
import type { Random } from './seeded-random.ts';
import { createSimStore } from './store/create-sim-store.ts';
import { BudgetsInMemory } from '../kit/budgets-in-memory.ts';
import { streamOf } from './stream-of.ts';
import type { Trace } from './trace.ts';
import type { SimAccount } from './vendors/account.ts';
import { ChangeFeed } from './vendors/change-feed.ts';
import { simConnector } from './vendors/connector.ts';
import { hubspotFlavour } from './vendors/hubspot-flavour.ts';
import { openAccount } from './vendors/open-account.ts';
import { salesforceFlavour } from './vendors/salesforce-flavour.ts';
import { WebhookSender } from './vendors/webhook-sender.ts';
import { VirtualClock } from './virtual-clock.ts';
import { Whereabouts } from './whereabouts.ts';

export const tenantId = 'tenant';
export const start_ms = Date.UTC(2026, 10, 22, 12);
/** Without a write for so long the hub is at rest. */
const quietFor_ms = 180_000;
const flavours = { hubspot: hubspotFlavour, salesforce: salesforceFlavour };

/** The shipped mappings: read once, they never change. */
export const mapper: Mapper = createMapper(loadMappings(join(import.meta.dirname, '..', '..', 'mappings')));

/** One run's world: the accounts, the hub's store and its processes, and the time that all of them share. */
export class World {
  readonly script: Script;
  readonly trace: Trace;
  readonly weather: SeededWeather;
  readonly clock: VirtualClock;
  readonly store: ReturnType<typeof createSimStore>;
  readonly places: readonly Place[];
  readonly whereabouts: Whereabouts;
  readonly #random: Random;
  readonly #latency: Random;
  readonly #mapper: Mapper;
  #process: HubProcess | undefined;
  readonly #budgets = new BudgetsInMemory();
  /** The first invariant seen broken amid a run. */
  broken: Broken | undefined;
  /** Keys of the events that the hub has answered for, or whose position it has stored, by installation. */
  readonly acknowledged = new Set<string>();
  /** The edits whose values those events showed: installation, object, id, field and instant by the vendor's clock. */
  readonly shown = new Set<string>();

  constructor(script: Script, trace: Trace, mapping: Mapper = mapper) {
    this.#mapper = mapping;
    this.script = script;
    this.trace = trace;
    const random = (part: string): Random => streamOf(script.seed, part);
    this.#random = random('processes');
    this.#latency = random('store latency');
    const ties = random('ties');
    this.weather = new SeededWeather(script.seed, script.rates, (fault) => trace.note(this.now_ms, `fault ${fault}`));
    this.clock = new VirtualClock(start_ms, () => ties.unit());
    this.store = createSimStore({ clock: this.clock, ids: seededIds(random('store ids'), this.clock) });
    this.places = script.accounts.map(({ vendor, skew_ms, pageSize }, index): Place => {
      const latency = random(`latency ${index}`);
      const flavour = { ...flavours[vendor], listSize: pageSize, changesSize: pageSize };
      const account = openAccount(`account-${index}`, flavour, {
        clock: this.clock,
        weather: this.weather,
        latency_ms: () => latency.int(1, script.latency_ms.call),
      });
      account.crm.skew_ms = skew_ms;
      const place = { installationId: `${vendor}-${index}`, vendor, account };
      if (vendor === 'hubspot')
        return {
          ...place,
          sender: new WebhookSender(account.crm, account.line, this.clock, random(`webhooks ${index}`)),
        };
      account.feed = new ChangeFeed(account.crm, account.line, (events) =>
        this.acknowledge(place.installationId, events),
      );
      return place;
    });
    if (script.accounts.length > 2) this.weather.note('second_org');
    if (script.accounts.some((account) => account.skew_ms !== 0)) this.weather.note('clock_skew');
    this.whereabouts = new Whereabouts(this.places);
  }

  get now_ms(): number {
    return this.clock.now_ms() - start_ms;
  }

  /** An instant as a run counts it. */
  since(at_ms: number): string {
    return `${at_ms - start_ms} ms`;
  }

  /** Connects every account, and starts the hub. */
  async open(): Promise<void> {
    await this.store.provisionTenant({
      id: tenantId,
      name: 'Tenant',
      aiEnabled: false,
      installations: this.places.map(({ installationId, vendor, account }) => {
        const about = { id: installationId, vendor, accountId: account.crm.accountId, grant: {} };
        return { ...about, state: 'linking', confirmed: true };
      }),
    });
    for (const { installationId } of this.places) {
      await this.store.tenant(tenantId, (tx) => tx.markDue(installationId, 'backfill', this.clock.now_ms()));
    }
    this.#start();
  }

  /** No fault strikes any more, and what faults left behind is over. */
  calmDown(): void {
    this.weather.calmDown();
    for (const { account } of this.places) {
      account.line.stormUntil_ms = 0;
      account.line.revokedUntil_ms = 0;
    }
  }

  /** Why the hub is not at rest; undefined when it is. */
  unrest(): string | undefined {
    const { inbox, writes, links, parked } = this.store.tables(tenantId);
    const now_ms = this.clock.now_ms();
    for (const { installationId, sender, account } of this.places) {
      if (sender?.isBusy || account.feed?.isBusy) return `${installationId} still sends events`;
      const writtenAgo_ms = now_ms - account.writtenAt_ms;
      if (writtenAgo_ms < quietFor_ms) return `${installationId} was written to ${writtenAgo_ms} ms ago`;
    }
    const waiting = [...inbox.rows.values()].find((row) => row.outcome === null);
    if (waiting) return `a hint of ${waiting.event.object} ${waiting.event.externalId} waits`;
    const open = [...writes.rows.values()].find((write) => ['sent', 'uncertain', 'answered'].includes(write.state));
    if (open) return `a write is ${open.state}`;
    // What is parked waits for a person, whatever the mark of its link says.
    const parkedOf = new Set([...parked.rows.values()].map((entry) => `${entry.installationId} ${entry.recordId}`));
    const due = [...links.rows.values()].find(
      (link) =>
        link.deliverAt_ms !== null &&
        link.deliverAt_ms <= now_ms - quietFor_ms &&
        !parkedOf.has(`${link.installationId} ${link.recordId}`),
    );
    return due && `a link has been due for ${now_ms - (due.deliverAt_ms ?? 0)} ms`;
  }

  #start(): void {
    const process = new CrashableProcess((call) => this.#pass(process, call));
    const random = this.#random.fork();
    const silent = (): void => undefined;
    this.#process = startHubProcess(
      {
        clock: this.clock,
        ids: seededIds(random.fork(), this.clock),
        log: { info: silent, warn: silent, error: silent },
        mapper: this.#mapper,
        leases: this.store.leases,
        connectors: {
          hubspot: simConnector('hubspot', this.#accounts('hubspot')),
          salesforce: simConnector('salesforce', this.#accounts('salesforce')),
        },
        store: this.script.rates.kill === undefined ? this.#plainStore(process) : process.store(this.store),
        budgets: process.guard('budgets', this.#budgets, ['watch']),
        pickRing: (count) => random.int(0, count - 1),
      },
      process,
    );
    const { door } = this.#process;
    for (const { sender, installationId } of this.places)
      sender?.connect(async (events) => {
        const isTaken = await door(events);
        if (isTaken)
          this.acknowledge(
            installationId,
            events.map(({ event }) => event),
          );
        return isTaken;
      });
  }

  acknowledge(installationId: string, events: readonly VendorEvent[]): void {
    for (const event of events) {
      if (isMapped(event)) this.acknowledged.add(`${installationId} ${event.key}`);
      const { object, externalId, occurredAt_ms } = event;
      for (const name of Object.keys(event.values))
        this.shown.add([installationId, object, externalId, name, occurredAt_ms].join(' '));
    }
  }

  /** Every call of a port takes its time. */
  async #pass(process: CrashableProcess, call: PortCall): Promise<void> {
    this.trace.note(this.now_ms, describeCall(call));
    const { port, phase } = call;
    if (this.weather.strikes('kill')) {
      process.kill();
      // A call whose session has ended goes there and back three times: itself, for a new session, and again.
      const answersUntil_ms = this.clock.now_ms() + 6 * this.script.latency_ms.call;
      for (const { account } of this.places) account.line.quota.callerDied(answersUntil_ms);
      const pause_ms = this.weather.between('kill', 100, 20_000);
      this.clock.at(this.clock.now_ms() + pause_ms, () => this.#start());
    } else if (port === 'store' && phase === 'before')
      await this.clock.sleep(this.#latency.int(0, this.script.latency_ms.store));
  }

  /** The store without a guard on each statement, for runs in which nothing dies. */
  #plainStore(process: CrashableProcess): Store {
    const connection = this.store.connect();
    process.onDeath(() => connection.cut());
    return process.guard('store', connection.store);
  }

  #accounts(vendor: Vendor): Map<string, SimAccount> {
    return new Map(
      this.places.flatMap((place) => (place.vendor === vendor ? [[place.account.crm.accountId, place.account]] : [])),
    );
  }
}

/** What a trace says of a call; of one to a vendor also what was asked and answered. */
function describeCall({ port, method, phase, args, outcome }: PortCall): string {
  const failed = outcome && 'error' in outcome ? ` ${(outcome.error as Error).name}` : '';
  const about = phase === 'before' ? args.slice(0, 3) : outcome && 'value' in outcome ? [outcome.value] : [];
  const detail = port === 'crm' && method !== 'describe' ? ` ${JSON.stringify(about).slice(0, 500)}` : '';
  return `${phase} ${port}.${method}${failed}${detail}`;
}

/** An event of a property that no mapping names is not stored. */
function isMapped({ object, change, values }: VendorEvent): boolean {
  const vendor = object in hubspotFlavour.schema ? 'hubspot' : 'salesforce';
  const kind = mapper.kindOf(vendor, object)?.kind;
  if (kind === undefined) return false;
  const names = mapper.fieldsToRead(kind, vendor, object, true);
  const shown = Object.keys(values);
  return change !== 'updated' || shown.length === 0 || shown.some((name) => names.includes(name));
}
