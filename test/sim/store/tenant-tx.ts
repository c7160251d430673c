import type { TenantTx } from '../../../protocol/ports/store.ts';
import { comparePage } from './compare-page.ts';
import { creates } from './creates.ts';
import { erase } from './erase.ts';
import { heldRuns } from './held-runs.ts';
import { history } from './history.ts';
import { inbox } from './inbox.ts';
import { installations } from './installations.ts';
import { links } from './links.ts';
import { parked } from './parked.ts';
import { records } from './records.ts';
import { retention } from './retention.ts';
import { runs } from './runs.ts';
import type { SimDb } from './sim-db.ts';
import { status } from './status.ts';
import { waitingHints } from './waiting-hints.ts';
import { writes } from './writes.ts';

/** One tenant's tables inside one transaction: a repository per noun. */
export function tenantTx(db: SimDb): TenantTx {
  return {
    ...installations(db),
    ...inbox(db),
    ...waitingHints(db),
    ...records(db),
    ...links(db),
    ...comparePage(db),
    ...creates(db),
    ...writes(db),
    ...history(db),
    ...parked(db),
    ...runs(db),
    ...heldRuns(db),
    ...retention(db),
    ...erase(db),
    ...status(db),
    async markDue(installationId, lane, due_ms) {
      db.mark(installationId, lane, due_ms);
    },
  };
}
