import assert from 'node:assert/strict';
import { backOff_ms } from '../../../protocol/back-off.ts';

describe('protocol backOff_ms', () => {
  it('doubles from the first pause up to the longest, and stays there however often it fails', () => {
    assert.deepEqual(
      [0, 1, 2, 3, 4, 5, 100_000].map((failures) => backOff_ms(2_000, 30_000, failures)),
      [2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000],
    );
  });
});
