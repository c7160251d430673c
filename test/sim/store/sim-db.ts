import type { Clock } from '../../../protocol/ports/clock.ts';
import type { Ids } from '../../../protocol/ports/ids.ts';
import type { WorkLane } from '../../../protocol/ports/bell.ts';
import type { Vendor } from '../../../protocol/nouns.ts';
import type { LeasesInMemory } from '../../kit/leases-in-memory.ts';
import type { DueTable } from './due.ts';
import type { Table } from './table.ts';
import type { Tables } from './tables.ts';
import type { Transaction, View } from './transaction.ts';

type ViewOf<Any> = Any extends Table<infer Row, infer Index> ? View<Row, Index> : never;

/** What the repositories of one transaction share. */
export interface SimDb {
  tenantId: string;
  clock: Clock;
  ids: Ids;
  tx: Transaction;
  /** A table of the tenant, as the transaction sees it. */
  view: <Name extends keyof Tables>(name: Name) => ViewOf<Tables[Name]>;
  /** In the moment of the commit: what must be so (throws where it is not), and what is done outside of the tables. */
  moment: Moment;
  /** Marks work due, when the transaction commits. */
  mark(installationId: string, lane: WorkLane, due_ms: number): void;
  /** The number of the next event received, over all tenants. */
  nextSeq(): number;
  hub: HubRows;
}

export interface Moment {
  checks: (() => void)[];
  acts: (() => void)[];
}

/** What stands outside tenancy: ids only. */
export interface HubRows {
  due: DueTable;
  leases: LeasesInMemory;
  unrouted: Unrouted[];
}

export interface Unrouted {
  id: string;
  vendor: Vendor;
  accountId: string | null;
  reason: string;
  body: Buffer;
  at_ms: number;
}
