import { actorName } from '../../protocol/actor-name.ts';
import type { StageTrigger } from '../../protocol/mapping.ts';
import type { Change, Installation, Kind } from '../../protocol/nouns.ts';
import type { Ids } from '../../protocol/ports/ids.ts';
import type { AuditEntry, TenantTx } from '../../protocol/ports/store.ts';
import { queuedRun, type Run } from '../../protocol/run.ts';
import { holdBulks } from './bulk.ts';
import { matchRuns } from './match.ts';

/** Changes of records of one kind that were accepted at an installation, as their transaction saw them. */
export interface SeenChanges {
  installation: Installation;
  kind: Kind;
  changes: readonly Change[];
  now_ms: number;
}

/**
 * Starts, or joins, the runs that changes ask for, in the changes' own transaction. Answers whether they asked for any. An
 * account that may not be written to yet starts nothing: it is watched, and nobody who works in it expects us to act.
 */
export async function startMatched(
  deps: { ids: Ids; triggers: readonly StageTrigger[] },
  tx: TenantTx,
  { installation, kind, changes, now_ms }: SeenChanges,
): Promise<boolean> {
  if (installation.state !== 'writing') return false;
  const { tenantId } = installation;
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
