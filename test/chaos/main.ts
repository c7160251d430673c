import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { openArena } from './arena.ts';
import { targetsWith, drawRounds } from './plan.ts';
import { redisHere } from './redis-server.ts';
import { playRound, type Outcome } from './round.ts';
import { linesOf } from './lines-of.ts';

/*
 * `npm run chaos [-- --rounds N] [--seed S] [--json]`: the product over the sandbox while its processes and servers are
 * killed. The same seed strikes the same things at the same instants. Ends with 1 when anything was lost, made twice or late.
 */
const inOneRound = { least: 1, most: 3 };
const { values } = parseArgs({
  options: { rounds: { type: 'string' }, seed: { type: 'string' }, json: { type: 'boolean' } },
});
const seed = Number(values.seed ?? randomInt(1_000_000));
const targets = targetsWith(redisHere());
const rounds = drawRounds(seed, Number(values.rounds ?? 20), targets, inOneRound);
process.stderr.write(`seed ${seed}: ${rounds.length} rounds of ${targets.join(', ')}\n`);
const arena = await openArena();
let interrupted: Promise<void> | undefined;
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => {
    process.exitCode = 1;
    interrupted ??= arena.stop();
  });
const outcomes: Outcome[] = [];
try {
  for (const round of rounds) {
    if (interrupted) break;
    const outcome = await playRound(arena, seed, round);
    outcomes.push(outcome);
    process.stderr.write(`${linesOf(seed, outcome).join('\n')}\n`);
    if (outcome.faults.length > 0) process.exitCode = 1;
  }
} catch (error) {
  // What is being stopped no longer answers.
  if (!interrupted) throw error;
} finally {
  await (interrupted ?? arena.stop());
}
if (values.json) process.stdout.write(`${JSON.stringify({ seed, rounds: outcomes }, null, 2)}\n`);
