import type { StageTrigger } from '../../protocol/mapping.ts';
import type { Cause, Change, Kind } from '../../protocol/nouns.ts';

/** A job to start for a record, and the change that is its cause. */
export interface WantedRun {
  job: string;
  recordId: string;
  cause: Cause;
}

/**
 * Which jobs do these accepted changes start? Pure. Only what somebody did in a CRM counts: our own writes, a first
 * observation, a sweep, a run's result and a restore start nothing.
 */
export function matchRuns(triggers: readonly StageTrigger[], kind: Kind, changes: readonly Change[]): WantedRun[] {
  return changes.flatMap((change) => {
    const fromPeople =
      (change.cause.lane === 'event' || change.cause.lane === 'poll') && change.author.kind !== 'rapport';
    if (!fromPeople) return [];
    return triggers
      .filter((trigger) => trigger.kind === kind && trigger.field === change.field && trigger.value === change.after)
      .map((trigger) => ({
        job: trigger.job,
        recordId: change.recordId,
        cause: { lane: change.cause.lane, id: change.id },
      }));
  });
}
