import assert from 'node:assert/strict';
import { nextBatchLimit_ms } from './next-batch-limit.ts';

describe('chaos: the time allowed to the first edit after a blow', () => {
  it('grows with the load of the machine, and not beyond what brings a lost edit by itself', () => {
    const limits = [0, 2, 3, 5, 6, 40].map((load) => nextBatchLimit_ms(load, 2));
    assert.deepEqual(limits, [10_000, 10_000, 15_000, 25_000, 30_000, 30_000]);
  });
});
