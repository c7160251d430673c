import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { Hunted } from './hunt.ts';

const hunter = join(import.meta.dirname, 'hunt.ts');

function hunt(...args: readonly string[]): Hunted {
  return JSON.parse(execFileSync(process.execPath, [hunter, ...args], { encoding: 'utf8' })) as Hunted;
}

describe('The hunt for a planted bug', () => {
  it('finds a gross one soon, which the seed does not show without it', function () {
    this.timeout(0);
    const { caughtBy } = hunt('the base stays where it was', '1', '50');
    assert.ok(caughtBy);
    assert.deepEqual(hunt('', String(caughtBy.seed), '1'), {});
  });
});
