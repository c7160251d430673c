import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { dealView, runningRun } from '../test-utils/deal-view.ts';
import type { DealView } from '../types/deal-view.ts';
import { dealViewReducer, initialState, isUnfinished, type DealViewState } from './deal-view-state.ts';

describe('deal view state', () => {
  it('keeps the newest answer through an outage', () => {
    const answered = dealViewReducer(initialState, { type: 'answered', answer: { status: 'ok', view: dealView() } });
    const failed = dealViewReducer(answered, { type: 'failed' });
    assert.equal(failed.answer, answered.answer);
    assert.equal(failed.failed, true);
  });

  it('looks again soon, a limited number of times, while a change is on its way', () => {
    const behind = dealView({ sync: { ...dealView().sync, state: 'behind' } });
    const answered = (state: DealViewState, view: DealView) =>
      dealViewReducer(state, { type: 'answered', answer: { status: 'ok', view } });
    let state = answered(initialState, behind);
    const looks = [state.quickLooks];
    while (state.quickLooks > 0) looks.push((state = answered(state, behind)).quickLooks);
    assert.deepEqual(looks, [5, 4, 3, 2, 1, 0]);
    assert.equal(answered(state, dealView()).quickLooks, 0);
    assert.equal(dealViewReducer(state, { type: 'record_changed' }).quickLooks, 3);
  });

  it('knows an unfinished run', () => {
    assert.equal(isUnfinished({ status: 'ok', view: dealView({ run: runningRun }) }), true);
    assert.equal(isUnfinished({ status: 'ok', view: dealView({ run: { ...runningRun, state: 'failed' } }) }), false);
    assert.equal(isUnfinished({ status: 'not_synced' }), false);
  });
});
