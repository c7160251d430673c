import type { Change, Installation, Kind } from '../../protocol/nouns.ts';
import type { Bell } from '../../protocol/ports/bell.ts';
import type { Clock } from '../../protocol/ports/clock.ts';
import type { CrmAccess } from '../../protocol/ports/crm-access.ts';
import type { Ids } from '../../protocol/ports/ids.ts';
import type { Log } from '../../protocol/ports/log.ts';
import type { Mapper } from '../../protocol/ports/mapper.ts';
import type { Store, TenantTx } from '../../protocol/ports/store.ts';

/** What the sync engine is built from. */
export interface SyncDeps {
  store: Store;
  bell: Bell;
  crm: CrmAccess;
  mapper: Mapper;
  clock: Clock;
  ids: Ids;
  log: Log;
  /** When this process began to look: of what happened while there was none it knows nothing before the first poll. */
  startedAt_ms: number;
  /** Starts the runs that changes accepted at an installation ask for, in their transaction. Answers whether they asked for any. */
  startRuns(
    tx: TenantTx,
    seen: { installation: Installation; kind: Kind; changes: readonly Change[]; now_ms: number },
  ): Promise<boolean>;
}
