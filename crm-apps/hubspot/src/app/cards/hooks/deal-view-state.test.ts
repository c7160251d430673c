import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { dealView, runningRun } from '../test-utils/deal-view.ts';
import { dealViewReducer, initialState, isUnfinished } from './deal-view-state.ts';

describe('deal view state', () => {
  it('keeps the newest answer through an outage', () => {
    const answered = dealViewReducer(initialState, { type: 'answered', answer: { status: 'ok', view: dealView() } });
    const failed = dealViewReducer(answered, { type: 'failed' });
    assert.equal(failed.answer, answered.answer);
    assert.equal(failed.failed, true);
  });

  it('knows an unfinished run', () => {
    assert.equal(isUnfinished({ status: 'ok', view: dealView({ run: runningRun }) }), true);
    assert.equal(isUnfinished({ status: 'ok', view: dealView({ run: { ...runningRun, state: 'failed' } }) }), false);
    assert.equal(isUnfinished({ status: 'not_synced' }), false);
  });
});
