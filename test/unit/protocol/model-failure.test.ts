import assert from 'node:assert/strict';
import { Rejected, RetryLater } from '../../../protocol/errors.ts';
import { modelFailure } from '../../../protocol/model-failure.ts';

const now_ms = Date.parse('2026-11-22T12:00:00Z');
const failure = (status: number | undefined, more: { retryAfter?: string; code?: string; message?: string } = {}) =>
  modelFailure({ vendor: 'Test', status, retryAfter: null, code: null, message: 'said', ...more }, now_ms, undefined);
const wait_ms = (retryAfter: string): number => {
  const error = failure(429, { retryAfter });
  assert.ok(error instanceof RetryLater);
  return error.retryAt_ms - now_ms;
};

describe('protocol model-failure', () => {
  it('reads Retry-After as seconds or as a date, and waits a little without a usable one', () => {
    assert.equal(wait_ms('7'), 7_000);
    assert.equal(wait_ms('Sun, 22 Nov 2026 12:01:00 GMT'), 60_000);
    for (const unusable of ['', 'soon', '-3', 'Sun, 22 Nov 2026 11:00:00 GMT']) assert.equal(wait_ms(unusable), 5_000);
    assert.ok(failure(undefined) instanceof RetryLater);
  });

  it('does not wait for an account without credit: somebody must pay', () => {
    for (const error of [
      failure(429, { code: 'insufficient_quota' }),
      failure(400, { message: 'Your credit balance is too low to access the API.' }),
      failure(402),
    ]) {
      assert.ok(error instanceof Rejected && error.code === 'model_quota');
      assert.match(error.remedy, /add credit to the Test account/);
    }
  });

  it('says when the model is not there', () => {
    const error = failure(404);
    assert.ok(error instanceof Rejected && error.code === 'model_not_found');
    assert.match(error.remedy, /must set a model/);
  });
});
