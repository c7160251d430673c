import assert from 'node:assert/strict';
import { drawRounds, targetsWith } from './plan.ts';

describe('chaos: what a seed draws', () => {
  const all = targetsWith('own');
  const inOneRound = { least: 1, most: 3 };
  const struck = (rounds: ReturnType<typeof drawRounds>) =>
    rounds.flatMap(({ blows }) => blows.map(({ target }) => target));

  it('is the same each time, and more of it begins the same', () => {
    const long = drawRounds(7, 20, all, inOneRound);
    assert.deepEqual(drawRounds(7, 5, all, inOneRound), long.slice(0, 5));
    assert.notDeepEqual(drawRounds(8, 5, all, inOneRound), long.slice(0, 5));
    assert.deepEqual(
      long.map(({ number }) => number),
      long.map((_, at) => at + 1),
    );
  });

  it('strikes every target once before it strikes one again', () => {
    for (let seed = 0; seed < 50; seed += 1)
      assert.deepEqual(
        struck(drawRounds(seed, 30, all, inOneRound))
          .slice(0, all.length)
          .toSorted(),
        all.toSorted(),
      );
  });

  it('strikes at Redis only while the queue is there, and only if there is one', () => {
    for (const { queue, blows } of drawRounds(7, 50, all, inOneRound))
      for (const { target } of blows) if (target === 'redis' || target === 'flush') assert.equal(queue, 'redis');
    const without = drawRounds(7, 50, targetsWith('none'), inOneRound);
    assert.ok(without.every(({ queue }) => queue === 'postgres'));
    assert.ok(!targetsWith('given').includes('redis') && targetsWith('given').includes('flush'));
  });
});
