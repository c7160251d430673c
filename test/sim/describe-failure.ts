import type { SeedOutcome } from './run-seed.ts';
import type { Script } from './script.ts';

/** What a person needs to begin with: the seed, the first invariant that broke, and the shortest way there. */
export function describeFailure({ brokenInvariant, script: { seed } }: SeedOutcome, shrunk: Script): string {
  const { steps, ...circumstances } = shrunk;
  return [
    `seed ${seed} breaks ${brokenInvariant?.name}: ${brokenInvariant?.says}`,
    `  ${JSON.stringify(circumstances)}`,
    ...steps.map((step) => `  ${JSON.stringify(step)}`),
  ].join('\n');
}
