import type { SqlEntityManager } from '@mikro-orm/postgresql';
import type { WorkAddress } from '../../protocol/ports/bell.ts';
import type { Clock } from '../../protocol/ports/clock.ts';
import type { Keyring } from './keyring.ts';

/** What the repositories of one transaction share. `em` is bound to the transaction and to the tenant. */
export interface Db {
  em: SqlEntityManager;
  tenantId: string;
  clock: Clock;
  keyring: Keyring;
  /** What the transaction marks due; written just before it commits. */
  marks: DueMark[];
}

export interface DueMark extends WorkAddress {
  due_ms: number;
}
