import { createHash } from 'node:crypto';
import { RapportError, RetryLater } from '../../protocol/errors.ts';
import { faultForLog } from '../../protocol/fault-for-log.ts';
import type { JobOutcome } from '../../protocol/job.ts';
import type { TenantTx } from '../../protocol/ports/store.ts';
import type { Run } from '../../protocol/run.ts';
import type { RunDeps } from './deps.ts';
import { statesFor, type RunEvent } from './state.ts';

const filings = 5;

/**
 * Files what a run made, in one transaction with its end; nothing when the lease is lost. A database that is away for a
 * moment is asked again: what was made has cost money.
 */
export async function fileOutcome(deps: RunDeps, run: Run, outcome: JobOutcome): Promise<void> {
  const { tenantId } = run;
  for (let filing = 1; ; filing++) {
    try {
      const installations = await deps.store.tenant(tenantId, (tx) => fileIn(deps, tx, run, outcome));
      await deps.bell.ring(
        installations.map((installationId) => ({ tenantId, installationId, lane: 'deliver' as const })),
      );
      return;
    } catch (error) {
      if (!(error instanceof RetryLater) || filing === filings) throw error;
      await deps.clock.sleep(Math.max(0, error.retryAt_ms - deps.clock.now_ms()));
    }
  }
}

async function fileIn(deps: RunDeps, tx: TenantTx, run: Run, outcome: JobOutcome): Promise<string[]> {
  const now_ms = deps.clock.now_ms();
  const records = outcome.records.map(({ key, kind, fields }) => ({ id: stableId(run.id, key), kind, fields }));
  // Records before the run, as everybody locks them.
  await tx.lockRecords([...records.map(({ id }) => id), ...outcome.updates.map(({ recordId }) => recordId)]);
  const done: Run = {
    ...run,
    state: 'succeeded',
    result: outcome.result,
    cost: outcome.cost,
    message: outcome.partial ? 'partial' : null,
    finishedAt_ms: now_ms,
    leaseUntil_ms: null,
  };
  if (!(await tx.saveRun(done, statesFor('succeed')))) return [];
  const detail = { job: run.job, record: run.recordId, partial: outcome.partial };
  await tx.audit([{ action: 'run.succeeded', actor: 'rapport', subject: run.id, detail }]);
  await tx.markDue('', 'runs', now_ms);
  return deps.file(tx, { records, updates: outcome.updates, cause: { lane: 'run', id: run.id } });
}

/** Ends a run with what went wrong, for people; nothing when the lease is lost. */
export async function failRun(deps: RunDeps, run: Run, error: Error): Promise<void> {
  const now_ms = deps.clock.now_ms();
  const message =
    error instanceof RapportError
      ? `${error.message} ${error.remedy}`
      : 'A fault of Rapport: report it with the time it happened.';
  const failed = await deps.store.tenant(run.tenantId, async (tx) => {
    const end = { state: 'failed', message, finishedAt_ms: now_ms, leaseUntil_ms: null } as const;
    if (!(await endAttempt(tx, run, 'fail', end))) return false;
    const detail = { job: run.job, record: run.recordId, error: error.name };
    await tx.audit([{ action: 'run.failed', actor: 'rapport', subject: run.id, detail }]);
    await tx.markDue('', 'runs', now_ms);
    return true;
  });
  if (failed) deps.log.warn({ run: run.id, job: run.job, ...faultForLog(error) }, 'a run failed');
}

/**
 * Gives a run back, to be taken up at `at_ms`; nothing when the lease is lost. It is queued again, so that a job that does not
 * hear its signal can renew nothing. `why`: an orderly stop of Rapport is none of the run's tries.
 */
export async function giveBackRun(deps: RunDeps, run: Run, at_ms: number, why: 'later' | 'stop'): Promise<void> {
  const end = { state: 'queued', leaseUntil_ms: at_ms, stops: run.stops + (why === 'stop' ? 1 : 0) } as const;
  await deps.store.tenant(run.tenantId, async (tx) => {
    if (await endAttempt(tx, run, 'give_back', end)) await tx.markDue('', 'runs', at_ms);
  });
}

/** Keeps the progress that the attempt has stored since the run was claimed. */
async function endAttempt(tx: TenantTx, run: Run, event: RunEvent, end: Partial<Run>): Promise<boolean> {
  const latest = (await tx.run(run.id)) ?? run;
  return tx.saveRun({ ...latest, ...end, attempts: run.attempts }, statesFor(event));
}

/** The same run files the same record: a UUID made from both names (RFC 9562, version 8). */
function stableId(runId: string, key: string): string {
  const hex = createHash('sha256').update(`${runId}:${key}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
