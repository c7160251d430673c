import type { Clock } from '../../../protocol/ports/clock.ts';
import type { Ids } from '../../../protocol/ports/ids.ts';
import type { WorkLane } from '../../../protocol/ports/bell.ts';
import type { Vendor } from '../../../protocol/nouns.ts';
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
  /** Marks work due, when the transaction commits. */
  mark(installationId: string, lane: WorkLane, due_ms: number): void;
  /** The number of the next event received, over all tenants. */
  nextSeq(): number;
  /** Drops unrouted bytes of an account that hold one of the texts, when the transaction commits. */
  dropUnrouted(vendor: Vendor, accountId: string, texts: readonly string[]): void;
}

export function inOrder<Row>(rows: Row[], ...by: readonly ((row: Row) => string | number)[]): Row[] {
  return rows.sort((a, b) => {
    for (const of of by) {
      const [x, y] = [of(a), of(b)];
      if (x !== y) return x < y ? -1 : 1;
    }
    return 0;
  });
}
