import assert from 'node:assert/strict';
import { Pace } from '../../../../crm-apps/salesforce/src/lwc/rapportPace/rapportPace.ts';
import type { DealAnswer, DealView } from '../../../../crm-apps/salesforce/types/deal-view.d.ts';

const answer = (over: Partial<DealView>): DealAnswer => ({
  status: 'ok',
  view: {
    side: 'salesforce',
    otherSide: { vendor: 'hubspot', state: 'unmatched' },
    sync: { state: 'in_sync', lastSyncedAt: null, lag_ms: null, parked: [] },
    changes: [],
    run: null,
    brief: null,
    canStartResearch: true,
    researchRefused: null,
    ...over,
  },
});

const settled = answer({});
const behind = answer({ sync: { state: 'behind', lastSyncedAt: null, lag_ms: null, parked: [] } });
const run = { id: '1', startedAt: null, finishedAt: null, error: null };
const progress = { done: 0, current: 1, total: 1, step: 'planning', detail: null };

describe('crm-apps/salesforce: Pace', () => {
  let pace: Pace;
  const pauses = (answers: (DealAnswer | undefined)[]): number[] => answers.map((one) => pace.after(one));

  beforeEach(() => {
    pace = new Pace();
  });

  it('is two seconds while a run is unfinished, and half a minute else', () => {
    const unfinished = answer({ run: { ...run, state: 'queued', progress } });
    const failed = answer({ run: { ...run, state: 'failed', progress } });
    assert.deepEqual(pauses([settled, unfinished, unfinished, failed]), [30_000, 2_000, 2_000, 30_000]);
  });

  it('looks again soon after a change of the record, three times', () => {
    assert.equal(pace.afterChange(), 300);
    assert.deepEqual(pauses([settled, settled, settled]), [2_000, 2_000, 30_000]);
  });

  it('looks soon while a change is on its way, but not for hours', () => {
    const waits = pauses(Array.from({ length: 8 }, () => behind));
    assert.deepEqual(waits, [2_000, 2_000, 2_000, 2_000, 2_000, 30_000, 30_000, 30_000]);
    assert.deepEqual(pauses([settled, { status: 'not_synced' }, settled, undefined]), [30_000, 2_000, 30_000, 2_000]);
  });
});
