import type { CrmApi } from '../../../protocol/crm-connector.ts';
import type { SimCrm } from './crm.ts';
import type { Line } from './wire.ts';

/** One account of a vendor: its rows, the line to it, and what the hub's grant does not show. */
export interface SimAccount {
  crm: SimCrm;
  line: Line;
  /** Fields hidden from the hub, as `object.field`. */
  hidden: Set<string>;
  /** Events to be asked for; absent where the vendor pushes them. */
  feed?: EventFeed;
  /** Told of each row that the hub is about to write, before the vendor looks at it. */
  onWrite: ((write: SeenWrite) => void)[];
  /** When the hub's last write of a row reached the vendor. */
  writtenAt_ms: number;
}

export interface EventFeed {
  /** A follower has still to be told of something. */
  readonly isBusy: boolean;
  follow(options: Parameters<NonNullable<CrmApi['stream']>>[0]): Promise<void>;
}

/** One row of a write as it reaches the vendor. */
export interface SeenWrite {
  object: string;
  /** null: a create. */
  id: string | null;
  recordId: string;
  fields: Readonly<Record<string, unknown>>;
}
