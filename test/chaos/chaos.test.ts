import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { openArena, type Arena } from './arena.ts';
import { linesOf } from './lines-of.ts';
import { drawRounds, targetsWith, type Round } from './plan.ts';
import { redisHere } from './redis-server.ts';
import { playRound } from './round.ts';

const seed = Number(process.env['CHAOS_SEED'] ?? randomInt(1_000_000));
// A research process falls with the power, too; `npm run chaos` strikes it alone.
const targets = targetsWith(redisHere()).filter((target) => target !== 'research');

/** Each target once, all that share a queue in one round; a run that was in hand when the power went waits for its lease meanwhile. */
function shortRounds(): Round[] {
  return drawRounds(seed, targets.includes('flush') ? 2 : 1, targets, {
    least: targets.length,
    most: targets.length,
  }).map((round) => ({
    ...round,
    blows: round.blows.toSorted((a, b) => Number(b.target === 'power') - Number(a.target === 'power')),
  }));
}

describe(`chaos: what is killed under load loses nothing (CHAOS_SEED=${seed})`, function () {
  this.timeout(240_000);
  let arena: Arena;
  before(async () => {
    arena = await openArena();
  });
  after(() => arena?.stop());

  for (const round of shortRounds())
    it(`queue in ${round.queue}: ${round.blows.map(({ target }) => target).join(', ')}`, async () => {
      const outcome = await playRound(arena, seed, round);
      const lines = linesOf(seed, outcome).join('\n');
      process.stdout.write(`${lines}\n`);
      assert.deepEqual(outcome.faults, [], lines);
    });
});
