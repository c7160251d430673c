import type { Kind, Change } from '../../protocol/nouns.ts';
import type { Bell } from '../../protocol/ports/bell.ts';
import type { Clock } from '../../protocol/ports/clock.ts';
import type { CrmAccess } from '../../protocol/ports/crm-access.ts';
import type { Ids } from '../../protocol/ports/ids.ts';
import type { Log } from '../../protocol/ports/log.ts';
import type { Mapper } from '../../protocol/ports/mapper.ts';
import type { Store } from '../../protocol/ports/store.ts';
import type { Cause } from '../../protocol/nouns.ts';

/** What the sync engine is built from. */
export interface SyncDeps {
  store: Store;
  bell: Bell;
  crm: CrmAccess;
  mapper: Mapper;
  clock: Clock;
  ids: Ids;
  log: Log;
  /** Which runs do accepted changes start? */
  matchRuns(kind: Kind, changes: readonly Change[]): { job: string; recordId: string; cause: Cause }[];
}
