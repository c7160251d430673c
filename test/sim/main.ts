import { parseArgs } from 'node:util';
import { describeFailure } from './describe-failure.ts';
import { faultNames, type FaultName } from './faults/catalogue.ts';
import { keepSeed } from './kept-seeds.ts';
import { knownFaults } from './known.ts';
import { runSeed, type SeedOutcome } from './run-seed.ts';
import { shrink } from './shrink.ts';
import { digest } from './trace.ts';

/** So many seeds must meet every fault at least once. */
const wholeBatch = 200;

/**
 * `npm run sim -- --seeds N [--seed S] [--json]`: plays N seeds, from S on (else drawn). Ends with 1 when a seed breaks an
 * invariant, or when a batch of 200 or more never met a fault that it may draw. A failing seed is shrunk, printed and kept.
 */
const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '200' },
    seed: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});
const count = Number(values.seeds);
const first = values.seed === undefined ? Date.now() % 2 ** 31 : Number(values.seed);
const say = values.json ? console.error : console.log;

const from_ms = performance.now();
const outcomes: Pick<SeedOutcome, 'steps' | 'faultsFired' | 'traceHash'>[] = [];
const failures: { seed: number; invariant: string; says: string }[] = [];
for (let seed = first; seed < first + count; seed++) {
  const outcome = await runSeed(seed, { off: knownFaults });
  const { brokenInvariant, steps, faultsFired, traceHash, script } = outcome;
  outcomes.push({ steps, faultsFired, traceHash });
  if (!brokenInvariant) continue;
  failures.push({ seed, invariant: brokenInvariant.name, says: brokenInvariant.says });
  const shrunk = await shrink(script, brokenInvariant);
  say(describeFailure(outcome, shrunk));
  keepSeed({ invariant: brokenInvariant.name, says: brokenInvariant.says, script: shrunk });
}

const fired = (name: FaultName): number => outcomes.reduce((sum, one) => sum + (one.faultsFired[name] ?? 0), 0);
const faultsFired = Object.fromEntries(faultNames.map((name) => [name, fired(name)]));
const never = count < wholeBatch ? [] : faultNames.filter((name) => !knownFaults.has(name) && fired(name) === 0);
const steps = outcomes.reduce((sum, one) => sum + one.steps, 0);
const seconds = (performance.now() - from_ms) / 1_000;
if (values.json) {
  const traceHash = digest(outcomes.map((one) => one.traceHash));
  console.log(JSON.stringify({ seeds: count, failures, steps, faultsFired, traceHash }));
} else {
  console.log(
    `${count} seeds from ${first}, ${steps} steps, ${failures.length} failures, ${(count / seconds).toFixed(1)} seeds/s`,
  );
  for (const [name, times] of Object.entries(faultsFired)) console.log(`  ${name}: ${times}`);
}
if (never.length > 0) say(`Never met: ${never.join(', ')}.`);
process.exitCode = failures.length > 0 || never.length > 0 ? 1 : 0;
