import type { RunState } from '../../protocol/run.ts';

/**
 * What may happen to a run: a performer takes it (`claim`; also one whose lease has passed), says that it lives (`renew`),
 * hands it back (`give_back`) or ends it (`succeed`, `fail`); it is one of too many (`hold`); a person lets it go on
 * (`release`) or ends it (`cancel`).
 */
export const runEvents = ['claim', 'renew', 'give_back', 'succeed', 'fail', 'hold', 'release', 'cancel'] as const;
export type RunEvent = (typeof runEvents)[number];

const nothing = {
  claim: null,
  renew: null,
  give_back: null,
  succeed: null,
  fail: null,
  hold: null,
  release: null,
  cancel: null,
} as const;

/*
 *            hold                claim            succeed, fail
 *  waiting <------- queued ----------------> running ----------> succeeded, failed
 *     |   ------->    ^                         |
 *     |    release    +-------------------------+
 *     +---> cancelled          give_back
 *     cancel
 */
const table: Readonly<Record<RunState, Readonly<Record<RunEvent, RunState | null>>>> = {
  // A person may ask for what waits for its turn: it is not held any more.
  queued: { ...nothing, claim: 'running', hold: 'waiting', release: 'queued' },
  running: {
    ...nothing,
    claim: 'running',
    renew: 'running',
    give_back: 'queued',
    succeed: 'succeeded',
    fail: 'failed',
  },
  waiting: { ...nothing, release: 'queued', cancel: 'cancelled' },
  succeeded: nothing,
  failed: nothing,
  cancelled: nothing,
};

/** The state after an event; null where the event does not happen in this state. */
export function stateAfter(state: RunState, event: RunEvent): RunState | null {
  return table[state][event];
}

/** The states in which an event happens. */
export function statesFor(event: RunEvent): RunState[] {
  return (Object.keys(table) as RunState[]).filter((state) => table[state][event] !== null);
}
