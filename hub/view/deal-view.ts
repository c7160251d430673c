import type { Run, RunState } from '../../protocol/run.ts';
import type { Progress } from '../../protocol/job.ts';
import type { ParkedCause, Vendor } from '../../protocol/nouns.ts';

/** What card and component show of a deal: one model for both CRMs. Instants are ISO strings. */
export interface DealView {
  /** Where the person is. */
  side: Vendor;
  otherSide: OtherSide;
  sync: {
    state: 'in_sync' | 'behind' | 'parked';
    lastSyncedAt: string | null;
    lag_ms: number | null;
    parked: { field: string; cause: ParkedCause; detail: string; remedy: string }[];
  };
  /** Newest first, at most ten. */
  changes: ViewChange[];
  run: ViewRun | null;
  /** The latest finished research, as the job made it. */
  brief: unknown;
  canStartResearch: boolean;
  /** Why nobody can start research for any deal: all accounts are only observed, a result could be written nowhere. */
  researchRefused: 'observing' | null;
}

export type OtherSide =
  | {
      vendor: Vendor;
      state: 'linked';
      owner: { name: string; email: string } | null;
      /** In that CRM's own words. */
      stage: string | null;
      lastTouchAt: string | null;
      nextStep: string | null;
      amount: string | null;
      currency: string | null;
    }
  /** To be created there, or known to be missing there. */
  | { vendor: Vendor; state: 'pending' | 'unmatched' };

export interface ViewChange {
  id: string;
  at: string;
  field: string;
  before: string | null;
  after: string | null;
  author: { name: string; kind: 'person' | 'automation' | 'rapport' };
  vendor: Vendor | 'rapport';
}

export interface ViewRun {
  id: string;
  state: RunState;
  startedAt: string | null;
  finishedAt: string | null;
  /** `current`: the step under way, from 1, as both CRMs show it. */
  progress: Progress & { current: number };
  error: string | null;
}

const notStarted: Progress = { done: 0, total: 1, step: 'planning', detail: null };

export function viewRun(run: Run): ViewRun {
  const progress = run.progress ?? notStarted;
  return {
    id: run.id,
    state: run.state,
    startedAt: isoOrNull(run.startedAt_ms),
    finishedAt: isoOrNull(run.finishedAt_ms),
    progress: { ...progress, current: Math.min(progress.done + 1, progress.total) },
    error: run.state === 'failed' ? run.message : null,
  };
}

export function isoOrNull(at_ms: number | null): string | null {
  return at_ms === null ? null : new Date(at_ms).toISOString();
}
