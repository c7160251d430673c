import assert from 'node:assert/strict';
import { describeFailure } from './describe-failure.ts';
import { keptSeeds } from './kept-seeds.ts';
import { knownFaults } from './known.ts';
import { runSeed } from './run-seed.ts';
import { shrink } from './shrink.ts';

/** Drawn afresh each time; SIM_SEED replays, SIM_SEEDS asks for more. */
const first = Number(process.env['SIM_SEED'] ?? Date.now() % 2 ** 31);
const count = Number(process.env['SIM_SEEDS'] ?? 500);

describe('The simulator', () => {
  it(`finds every invariant whole in ${count} seeds (SIM_SEED=${first})`, async function () {
    this.timeout(0);
    for (let seed = first; seed < first + count; seed++) {
      const outcome = await runSeed(seed, { off: knownFaults });
      if (!outcome.brokenInvariant) continue;
      assert.fail(describeFailure(outcome, await shrink(outcome.script, outcome.brokenInvariant)));
    }
  });

  it('finds every invariant whole in the seeds that once broke one', async function () {
    this.timeout(0);
    for (const { script } of keptSeeds()) {
      const outcome = await runSeed(script.seed, { script });
      assert.ok(outcome.ok, describeFailure(outcome, script));
    }
  });

  it('plays a seed twice to the same trace', async function () {
    this.timeout(0);
    for (let seed = first; seed < first + 10; seed++) {
      const [once, again] = [await runSeed(seed, { off: knownFaults }), await runSeed(seed, { off: knownFaults })];
      assert.equal(again.traceHash, once.traceHash, `seed ${seed}`);
    }
  });
});
