import assert from 'node:assert/strict';
import { matchRuns } from '../../../../hub/runs/match.ts';
import type { Author, Cause, Change } from '../../../../protocol/nouns.ts';

const triggers = [
  { job: 'research', kind: 'deal', field: 'stage', value: 'qualified' },
  { job: 'contract', kind: 'deal', field: 'stage', value: 'won' },
] as const;

const person: Author = { kind: 'person', userId: 'u1' };
const change = (over: Partial<Change> = {}): Change => ({
  id: 'c1',
  recordId: 'r1',
  field: 'stage',
  before: 'new',
  after: 'qualified',
  side: 'hubspot',
  author: person,
  cause: { lane: 'event', id: 'c1' },
  at_ms: 0,
  ...over,
});
const jobs = (...changes: Change[]): string[] => matchRuns(triggers, 'deal', changes).map((run) => run.job);

describe('Which changes start a run', () => {
  it('a record entering the stage, with the change as cause', () => {
    assert.deepEqual(matchRuns(triggers, 'deal', [change({ id: 'c7', cause: { lane: 'poll', id: 'other' } })]), [
      { job: 'research', recordId: 'r1', cause: { lane: 'poll', id: 'c7' } },
    ]);
  });

  for (const lane of ['event', 'poll', 'sweep', 'first', 'run', 'restore'] as const satisfies Cause['lane'][]) {
    const starts = lane === 'event' || lane === 'poll';
    it(`${lane}: ${starts ? 'starts one' : 'starts nothing'}`, () => {
      assert.deepEqual(jobs(change({ cause: { lane, id: 'x' } })), starts ? ['research'] : []);
    });
  }

  for (const kind of ['person', 'automation', 'unknown', 'rapport'] as const) {
    const starts = kind !== 'rapport';
    it(`by ${kind}: ${starts ? 'starts one' : 'starts nothing'}`, () => {
      assert.deepEqual(jobs(change({ author: { kind, userId: null } })), starts ? ['research'] : []);
    });
  }

  it('not another value, another field or another kind', () => {
    assert.deepEqual(jobs(change({ after: 'lost' }), change({ after: null }), change({ field: 'name' })), []);
    assert.deepEqual(matchRuns(triggers, 'company', [change()]), []);
    assert.deepEqual(matchRuns([], 'deal', [change()]), []);
  });

  it('each trigger and each record by itself', () => {
    const changes = [change(), change({ recordId: 'r2', after: 'won' }), change({ recordId: 'r3', after: 'lost' })];
    assert.deepEqual(
      matchRuns(triggers, 'deal', changes).map(({ job, recordId }) => [job, recordId]),
      [
        ['research', 'r1'],
        ['contract', 'r2'],
      ],
    );
  });
});
