import { Fault, Invalid } from '../../protocol/errors.ts';
import type { JobOutcome, Progress } from '../../protocol/job.ts';
import type { Run } from '../../protocol/run.ts';
import type { AnyJobEntry, RunDeps, Subject } from './deps.ts';
import { jobSubject } from './job-subject.ts';
import { statesFor } from './state.ts';

/** A performer that says nothing for this long has died. */
export const lease_ms = 30_000;
/** A job ends itself at its own limit; one that does not is cut off so much later. */
const grace_ms = 10_000;

/**
 * Calls a claimed run's job once, and renews its lease while it works. Answers what the job made, and the run with its last
 * progress. Throws what the job throws; the reason of `stopping`; Fault when the lease was lost. Then it waits for the job
 * no longer, which has been told by its signal.
 */
export async function attemptRun(
  deps: RunDeps,
  run: Run,
  stopping: AbortSignal,
): Promise<{ run: Run; outcome: JobOutcome }> {
  const { store, clock, jobs } = deps;
  const entry = jobs.get(run.job);
  if (!entry) throw new Fault(`there is no job ${run.job}`);
  const over = new AbortController();
  const signal = AbortSignal.any([stopping, over.signal, AbortSignal.timeout(entry.job.limits.time_ms + grace_ms)]);
  let current = run;
  const renew = async (progress: Progress | null): Promise<void> => {
    current = { ...current, progress: progress ?? current.progress, leaseUntil_ms: clock.now_ms() + lease_ms };
    const held = await store.tenant(run.tenantId, (tx) => tx.saveRun(current, statesFor('renew')));
    if (!held) over.abort(new Fault('another performer has taken the run, or it was ended'));
  };
  const subject = await store.tenant(run.tenantId, (tx) => jobSubject(deps, tx, run.recordId));
  const cut = cutBy(signal);
  const heartbeat = beat(deps, renew, signal);
  try {
    const outcome = await Promise.race([callJob(deps, entry, subject, run.id, renew, signal), cut]);
    return { run: current, outcome };
  } finally {
    over.abort();
    await heartbeat;
  }
}

async function callJob(
  deps: RunDeps,
  entry: AnyJobEntry,
  subject: Subject,
  runId: string,
  progress: (progress: Progress) => Promise<void>,
  signal: AbortSignal,
): Promise<JobOutcome> {
  signal.throwIfAborted();
  const { clock, ids, model, fetchPage, search, social } = deps;
  const checked = entry.job.input.safeParse(entry.inputFrom(subject));
  if (!checked.success) {
    const fields = checked.error.issues.map((issue) => issue.path.join('.')).join(', ');
    throw new Invalid(
      `The record lacks what the job needs: ${fields}.`,
      'Complete the record in the CRM and start again.',
    );
  }
  return entry.job.perform(checked.data, {
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

async function beat(deps: RunDeps, renew: (progress: null) => Promise<void>, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await deps.clock.sleep(lease_ms / 3, signal);
    // A database that is away for a moment costs a beat, not the run.
    if (!signal.aborted) await renew(null).catch(() => undefined);
  }
}

function cutBy(signal: AbortSignal): Promise<never> {
  const cut = Promise.withResolvers<never>();
  signal.addEventListener('abort', () => cut.reject(signal.reason as Error), { once: true });
  cut.promise.catch(() => undefined);
  return cut.promise;
}
