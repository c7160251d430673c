import { actorName } from '../../protocol/actor-name.ts';
import type { StageTrigger } from '../../protocol/mapping.ts';
import type { Change, Kind } from '../../protocol/nouns.ts';
import type { Ids } from '../../protocol/ports/ids.ts';
import type { AuditEntry, TenantTx } from '../../protocol/ports/store.ts';
import { queuedRun, type Run } from '../../protocol/run.ts';
import { holdBulks } from './bulk.ts';
import { matchRuns } from './match.ts';

/** Accepted changes of records of one kind, as their transaction saw them. */
export interface SeenChanges {
  tenantId: string;
  kind: Kind;
  changes: readonly Change[];
  now_ms: number;
}

/** Starts, or joins, the runs that changes ask for, in the changes' own transaction. Answers whether they asked for any. */
export async function startMatched(
  deps: { ids: Ids; triggers: readonly StageTrigger[] },
  tx: TenantTx,
  { tenantId, kind, changes, now_ms }: SeenChanges,
): Promise<boolean> {
  const started: Run[] = [];
  const audit: AuditEntry[] = [];
  for (const wanted of matchRuns(deps.triggers, kind, changes)) {
    const askedBy = actorName(changes.find(({ id }) => id === wanted.cause.id)?.author);
    const asked = queuedRun(deps.ids.next(), tenantId, { ...wanted, askedBy, askedWith: 'change' }, now_ms);
    const outcome = await tx.startRun(asked);
    if (outcome.started) started.push(outcome.run);
    const detail = { job: wanted.job, record: wanted.recordId };
    const action = outcome.started ? 'run.start' : 'run.join';
    audit.push({ action, actor: askedBy, subject: outcome.run.id, detail });
  }
  if (audit.length === 0) return false;
  await tx.audit(audit);
  if (started.length > 0) await holdBulks(tx, started, now_ms);
  await tx.markDue('', 'runs', now_ms);
  return true;
}
