import { askForSweep } from '../../hub/sync/ask-for-sweep.ts';
import { createMapper } from '../../mappings/mapper.ts';
import type { VendorFields } from '../../protocol/fields.ts';
import type { Link, Parked, StoredRecord } from '../../protocol/nouns.ts';
import type { FaultRates } from '../sim/faults/weather.ts';
import type { Place } from '../sim/place.ts';
import { Trace } from '../sim/trace.ts';
import type { Transaction } from '../sim/vendors/crm.ts';
import type { SimRow } from '../sim/vendors/row.ts';
import { mapper, tenantId, World } from '../sim/world.ts';

const person = { kind: 'person', userId: '101' } as const;
const patience_ms = 2 * 3_600_000;
const look_ms = 10_000;
const settling_ms = 70_000;

/** One of the two CRMs on a stage, and what a person does in it. */
export class StagedCrm {
  readonly place: Place;
  /** Calls of the hub that wrote a row, in order. */
  readonly writes: { object: string; id: string | null; fields: Readonly<Record<string, unknown>> }[] = [];

  constructor(place: Place) {
    this.place = place;
    place.account.onWrite.push(({ object, id, fields }) => this.writes.push({ object, id, fields }));
  }

  /** What a person does in one transaction. */
  act<T>(work: (tx: Transaction) => T): T {
    return this.place.account.crm.transact(person, work);
  }

  /** Answers the new row's id. */
  add(object: string, fields: VendorFields): string {
    return this.act((tx) => this.place.account.crm.save(tx, object, null, fields).id);
  }

  edit(object: string, id: string, fields: VendorFields): void {
    this.act((tx) => this.place.account.crm.save(tx, object, id, fields));
  }

  row(object: string, id: string): SimRow {
    const row = this.place.account.crm.row(object, id);
    if (!row) throw new Error(`There is no ${object} ${id}.`);
    return row;
  }

  /** Rows that are not deleted. */
  rows(object: string): SimRow[] {
    return this.place.account.crm.rows(object).filter((row) => !row.archived);
  }

  /** The only live row with this value. */
  find(object: string, field: string, value: string): SimRow {
    const found = this.rows(object).filter((row) => row.fields[field] === value);
    const [row] = found;
    if (found.length !== 1 || !row) throw new Error(`${found.length} rows of ${object} have ${field} ${value}.`);
    return row;
  }

  /** No call to it succeeds for so long. */
  failFor(span_ms: number): void {
    const { line } = this.place.account;
    line.stormUntil_ms = line.clock.now_ms() + span_ms;
  }
}

/** The engine between a HubSpot portal and a Salesforce org, all in memory and on a clock of its own (`test/sim`). */
export interface Stage {
  world: World;
  hubspot: StagedCrm;
  salesforce: StagedCrm;
  /** Connects both CRMs and waits until all that is there is mirrored. */
  open(): Promise<void>;
  pass(span_ms: number): Promise<void>;
  /** Until nothing is left to do. */
  rest(): Promise<void>;
  /** All rows of a CRM are compared, and what follows from it is done. */
  sweep(crm: StagedCrm): Promise<void>;
  parked(): Parked[];
  links(): Link[];
  records(): StoredRecord[];
}

interface StageOptions {
  rates?: FaultRates;
  /** Rows of a page of the vendors’ lists. */
  pageSize?: number;
  /** One way to a vendor takes so long at most. */
  call_ms?: number;
  /** What becomes of a contact’s other rows when one is deleted; the shipped mapping keeps them. */
  onDelete?: 'keep' | 'archive';
}

export function setStage(options: StageOptions = {}): Stage {
  const { rates = {}, pageSize = 200, call_ms = 5, onDelete = 'keep' } = options;
  const { kinds } = mapper.mappings;
  const mapping = { ...mapper.mappings, kinds: { ...kinds, contact: { ...kinds.contact, onDelete } } };
  const shape = { skew_ms: 0, pageSize };
  const world = new World(
    {
      seed: 1,
      accounts: [
        { vendor: 'hubspot', ...shape },
        { vendor: 'salesforce', ...shape },
      ],
      processes: 1,
      latency_ms: { call: call_ms, store: 0 },
      rates,
      steps: [],
      calmAt_ms: 0,
    },
    new Trace(),
    createMapper(mapping),
  );
  const [hubspot, salesforce] = world.places.map((place) => new StagedCrm(place)) as [StagedCrm, StagedCrm];
  const tables = (): ReturnType<typeof world.store.tables> => world.store.tables(tenantId);

  const pass = (span_ms: number): Promise<void> => world.clock.runUntil(world.clock.now_ms() + span_ms);
  const rest = async (): Promise<void> => {
    const until_ms = world.clock.now_ms() + patience_ms;
    // Two polls, for what no event tells.
    await pass(settling_ms);
    do {
      await pass(look_ms);
      if (world.clock.now_ms() > until_ms) throw new Error(`The stage finds no rest: ${world.unrest() ?? ''}`);
    } while (world.unrest() !== undefined);
  };
  return {
    world,
    hubspot,
    salesforce,
    pass,
    rest,
    async open() {
      await world.open();
      await rest();
    },
    async sweep({ place: { installationId } }) {
      await world.store.tenant(tenantId, (tx) => askForSweep({ mapper, clock: world.clock }, tx, installationId));
      await pass(180_000);
    },
    parked: () => [...tables().parked.rows.values()],
    links: () => [...tables().links.rows.values()],
    records: () => [...tables().records.rows.values()],
  };
}
