import type { Progress } from './job.ts';
import type { Cause } from './nouns.ts';

export type RunState = 'queued' | 'running' | 'waiting' | 'succeeded' | 'failed' | 'cancelled';

/** A trigger while a run of its job and record is in one of these joins it. */
export const unfinishedStates = ['queued', 'running', 'waiting'] as const satisfies RunState[];

/** One execution of a job. */
export interface Run {
  id: string;
  tenantId: string;
  job: string;
  recordId: string;
  cause: Cause;
  /** Who asked for it, as the audit names them: `person:<vendor user id>`, `automation`, ... */
  askedBy: string;
  /** How. Only runs that changes asked for are ever held. */
  askedWith: 'change' | 'click' | 'callback';
  /** Who asked for it by name or let it go on, so that it is not held (again). */
  releasedBy: string | null;
  state: RunState;
  progress: Progress | null;
  /** For people: why it failed or waits, or that the result is partial. */
  message: string | null;
  result: unknown;
  cost: { inputTokens: number; outputTokens: number; fetches: number };
  queuedAt_ms: number;
  startedAt_ms: number | null;
  finishedAt_ms: number | null;
  /** A performer renews it; a run whose lease has passed is taken up again. */
  leaseUntil_ms: number | null;
  /** How often it was claimed. */
  attempts: number;
  /** Attempts that an orderly stop of Rapport ended: they are not the run's fault. */
  stops: number;
}

/** Runs of one job that changes of one actor asked for. */
export type Asked = Pick<Run, 'job' | 'askedBy'>;

/** Runs that wait for a person together. */
export interface HeldRuns extends Asked {
  count: number;
  /** When the first of them was asked for. */
  since_ms: number;
  /** What one costs, by the job's last successes at the tenant; null when there are none. */
  meanCost: Run['cost'] | null;
}

/** A workflow step that waits for a run. */
export interface Callback {
  runId: string;
  installationId: string;
  callbackId: string;
  state: 'waiting' | 'completed' | 'expired';
}

/** A run as it is queued. */
export function queuedRun(
  id: string,
  tenantId: string,
  wanted: Pick<Run, 'job' | 'recordId' | 'cause' | 'askedBy' | 'askedWith'>,
  now_ms: number,
): Run {
  return {
    id,
    tenantId,
    job: wanted.job,
    recordId: wanted.recordId,
    cause: wanted.cause,
    askedBy: wanted.askedBy,
    askedWith: wanted.askedWith,
    releasedBy: null,
    state: 'queued',
    progress: null,
    message: null,
    result: null,
    cost: { inputTokens: 0, outputTokens: 0, fetches: 0 },
    queuedAt_ms: now_ms,
    startedAt_ms: null,
    finishedAt_ms: null,
    leaseUntil_ms: null,
    attempts: 0,
    stops: 0,
  };
}
