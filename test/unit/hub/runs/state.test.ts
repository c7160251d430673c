import assert from 'node:assert/strict';
import { runEvents, stateAfter, statesFor, type RunEvent } from '../../../../hub/runs/state.ts';
import { unfinishedStates, type RunState } from '../../../../protocol/run.ts';

/** Every state by every event; a dash: it does not happen. */
const expected = `
            claim    renew    give_back succeed   fail    hold     release  cancel
  queued    running  -        -         -         -       waiting  queued   -
  running   running  running  queued    succeeded failed  -        -        -
  waiting   -        -        -         -         -       -        queued   cancelled
  succeeded -        -        -         -         -       -        -        -
  failed    -        -        -         -         -       -        -        -
  cancelled -        -        -         -         -       -        -        -`;
const [head = [], ...rows] = expected
  .trim()
  .split('\n')
  .map((line) => line.trim().split(/\s+/));
const states = rows.map(([state]) => state as RunState);

describe('The states of a run', () => {
  it('have an answer for every event', () => {
    assert.deepEqual(head, [...runEvents]);
    for (const [state, ...after] of rows)
      assert.deepEqual(
        runEvents.map((event) => stateAfter(state as RunState, event) ?? '-'),
        after,
        state,
      );
  });

  it('end nowhere but in a finished one, and lead from each unfinished one to an end', () => {
    const after = (state: RunState): RunState[] => runEvents.flatMap((event) => stateAfter(state, event) ?? []);
    const finished = states.filter((state) => after(state).length === 0);
    assert.deepEqual(
      states.filter((state) => !finished.includes(state)),
      [...unfinishedStates],
    );
    for (const state of unfinishedStates) {
      const reached = new Set<RunState>([state]);
      for (const one of reached) for (const next of after(one)) reached.add(next);
      assert.ok(
        finished.some((end) => reached.has(end)),
        state,
      );
    }
  });

  it('say where an event may happen', () => {
    const where = (event: RunEvent): RunState[] => states.filter((state) => stateAfter(state, event) !== null);
    for (const event of runEvents) assert.deepEqual(statesFor(event), where(event), event);
  });
});
