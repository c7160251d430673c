import { createHash } from 'node:crypto';
import { Fault, Invalid, RapportError, RetryLater } from '../../protocol/errors.ts';
import type { JobOutcome, Progress } from '../../protocol/job.ts';
import type { WorkAddress } from '../../protocol/ports/bell.ts';
import type { TenantTx } from '../../protocol/ports/store.ts';
import type { Run } from '../../protocol/run.ts';
import type { AnyJobEntry, RunDeps, Subject } from './deps.ts';
import { tellCallbacks } from './tell-callbacks.ts';

const lease_ms = 30_000;
const lookAgain_ms = 2_000;
const mostAtOnce = 6;
const mostAttempts = 3;

/**
 * Performs runs. A run is claimed with a lease that is renewed while it works; a run whose performer died is taken up
 * again. What a run made is filed in one transaction with its end, once: a performer that lost its lease files nothing.
 */
export class Performer {
  readonly #deps: RunDeps;
  readonly #stopping = new AbortController();
  readonly #inHand = new Map<string, Promise<void>>();

  constructor(deps: RunDeps) {
    this.#deps = deps;
  }

  /** One look at a tenant's runs. Answers when to look again while any is unfinished. */
  async look({ tenantId }: WorkAddress): Promise<number | undefined> {
    const { store, clock } = this.#deps;
    const free = mostAtOnce - this.#inHand.size;
    const now_ms = clock.now_ms();
    const runs = free > 0 ? await store.tenant(tenantId, (tx) => tx.claimRuns(now_ms, now_ms + lease_ms, free)) : [];
    for (const run of runs) {
      const work = this.#perform(run).finally(() => this.#inHand.delete(run.id));
      this.#inHand.set(run.id, work);
    }
    const untold = await tellCallbacks(this.#deps, tenantId);
    return this.#inHand.size > 0 || free === 0 || untold ? clock.now_ms() + lookAgain_ms : undefined;
  }

  /** Stops taking runs; those in hand are aborted and taken up by the next performer. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.allSettled(this.#inHand.values());
  }

  async #perform(run: Run): Promise<void> {
    const { log, bell } = this.#deps;
    const { tenantId } = run;
    try {
      await this.#attempt({ ...run, state: 'running', attempts: run.attempts + 1 });
    } catch (error) {
      if (this.#stopping.signal.aborted) return;
      await this.#fail(run, error as Error).catch((fault: unknown) =>
        log.error({ run: run.id, error: String(fault) }, 'a failed run could not be stored'),
      );
    }
    await bell.ring([{ tenantId, installationId: '', lane: 'runs' }]).catch(() => undefined);
  }

  async #attempt(run: Run): Promise<void> {
    const { store, clock, jobs } = this.#deps;
    const entry = jobs.get(run.job);
    if (!entry) throw new Fault(`there is no job ${run.job}`);
    const started: Run = {
      ...run,
      startedAt_ms: run.startedAt_ms ?? clock.now_ms(),
      leaseUntil_ms: clock.now_ms() + lease_ms,
    };
    const subject = await store.tenant(run.tenantId, async (tx) => {
      if (!(await tx.saveRun(started, ['queued', 'running']))) throw new Fault('the run was ended meanwhile');
      return subjectOf(this.#deps, tx, run.recordId);
    });
    const lost = new AbortController();
    const signal = AbortSignal.any([
      this.#stopping.signal,
      lost.signal,
      AbortSignal.timeout(entry.job.limits.time_ms + 10_000),
    ]);
    let current = started;
    const renew = async (progress: Progress | null): Promise<void> => {
      current = { ...current, progress: progress ?? current.progress, leaseUntil_ms: clock.now_ms() + lease_ms };
      if (!(await store.tenant(run.tenantId, (tx) => tx.saveRun(current, ['running'])))) lost.abort();
    };
    const heartbeat = this.#heartbeat(renew, signal);
    try {
      const outcome = await this.#call(entry, subject, current.id, renew, signal);
      lost.abort();
      await heartbeat;
      await this.#file(current, outcome);
    } finally {
      lost.abort();
      await heartbeat;
    }
  }

  async #call(
    entry: AnyJobEntry,
    subject: Subject,
    runId: string,
    progress: (progress: Progress) => Promise<void>,
    signal: AbortSignal,
  ): Promise<JobOutcome> {
    const { clock, ids, model, fetchPage, search, social } = this.#deps;
    const checked = entry.job.input.safeParse(entry.inputFrom(subject));
    if (!checked.success) {
      const fields = checked.error.issues.map((issue) => issue.path.join('.')).join(', ');
      throw new Invalid(
        `The record lacks what the job needs: ${fields}.`,
        'Complete the record in the CRM and start again.',
      );
    }
    const input = checked.data;
    return entry.job.perform(input, {
      runId,
      clock,
      ids,
      model,
      fetchPage,
      social,
      progress,
      signal,
      ...(search ? { search } : {}),
    });
  }

  async #heartbeat(renew: (progress: null) => Promise<void>, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#deps.clock.sleep(lease_ms / 3, signal);
      if (!signal.aborted) await renew(null).catch(() => undefined);
    }
  }

  async #file(run: Run, outcome: JobOutcome): Promise<void> {
    const { store, bell, clock } = this.#deps;
    const { tenantId } = run;
    const installations = await store.tenant(tenantId, async (tx) => {
      const done: Run = {
        ...run,
        state: 'succeeded',
        result: outcome.result,
        cost: outcome.cost,
        message: outcome.partial ? 'partial' : null,
        finishedAt_ms: clock.now_ms(),
        leaseUntil_ms: null,
      };
      if (!(await tx.saveRun(done, ['running']))) return [];
      await tx.audit([
        {
          action: 'run.succeeded',
          actor: 'rapport',
          subject: run.id,
          detail: { job: run.job, record: run.recordId, partial: outcome.partial },
        },
      ]);
      await tx.markDue('', 'runs', clock.now_ms());
      return this.#deps.file(tx, {
        records: outcome.records.map(({ key, kind, fields }) => ({ id: stableId(run.id, key), kind, fields })),
        updates: outcome.updates,
        cause: { lane: 'run', id: run.id },
      });
    });
    await bell.ring(installations.map((installationId) => ({ tenantId, installationId, lane: 'deliver' as const })));
  }

  async #fail(run: Run, error: Error): Promise<void> {
    const { store, clock, log } = this.#deps;
    // A known error's words may name people or companies: they are for the run's own view, not for the log.
    const fault = error instanceof RapportError ? undefined : error.stack;
    log.warn({ run: run.id, job: run.job, error: error.name, stack: fault }, 'a run failed');
    const again = error instanceof RetryLater && run.attempts + 1 < mostAttempts;
    await store.tenant(run.tenantId, async (tx) => {
      const latest = (await tx.run(run.id)) ?? run;
      const message =
        error instanceof RapportError
          ? `${error.message} ${error.remedy}`
          : 'A fault of Rapport: report it with the time it happened.';
      // A later attempt waits as a run whose lease has passed.
      const ended: Run = again
        ? { ...latest, leaseUntil_ms: error.retryAt_ms }
        : { ...latest, state: 'failed', message, finishedAt_ms: clock.now_ms(), leaseUntil_ms: null };
      await tx.saveRun(ended, ['queued', 'running']);
      await tx.markDue('', 'runs', clock.now_ms());
      if (!again)
        await tx.audit([
          {
            action: 'run.failed',
            actor: 'rapport',
            subject: run.id,
            detail: { job: run.job, record: run.recordId, error: error.name },
          },
        ]);
    });
  }
}

async function subjectOf(deps: RunDeps, tx: TenantTx, recordId: string): Promise<Subject> {
  const record = await tx.record(recordId);
  if (!record) throw new Fault('the record of the run is gone');
  const references: Record<string, Subject['references'][string]> = {};
  for (const field of deps.referencesOf(record.kind)) {
    const id = record.fields[field];
    const other = typeof id === 'string' ? await tx.record(id) : undefined;
    if (other) references[field] = { recordId: other.id, kind: other.kind, fields: other.fields };
  }
  return { recordId, kind: record.kind, fields: record.fields, references, aiEnabled: (await tx.tenant()).aiEnabled };
}

/** The same run files the same record: a UUID made from both names (RFC 9562, version 8). */
function stableId(runId: string, key: string): string {
  const hex = createHash('sha256').update(`${runId}:${key}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
