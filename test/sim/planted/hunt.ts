import { allBugs } from './all-bugs.ts';
import { plant } from './plant.ts';

/** What became of one process's hunt, as it prints it. */
export interface Hunted {
  /** The first seed that broke an invariant. */
  caughtBy?: { seed: number; invariant: string; says: string };
}

/** A process of its own: `hunt.ts <name of the bug, or nothing> <first seed> <seeds>`. Prints a Hunted as JSON. */
const [name = '', first = '1', most = '1'] = process.argv.slice(2);
const bug = allBugs.find((one) => one.name === name);
if (!bug && name !== '') throw new Error(`There is no planted bug "${name}": name one of planted/bugs/.`);
const planted = bug && plant(bug);
// Only now, so that the engine is loaded with the bug in it.
const { runSeed } = await import('../run-seed.ts');
const { knownFaults } = await import('../known.ts');
if (planted?.isPlanted() === false)
  throw new Error(`The simulator does not load ${bug?.file}, so that nothing can catch "${name}": plant it elsewhere.`);

const hunted: Hunted = {};
for (let seed = Number(first); seed < Number(first) + Number(most) && !hunted.caughtBy; seed++) {
  const { brokenInvariant } = await runSeed(seed, { off: knownFaults }).catch((error: unknown) => ({
    // A run that ends with an error of the engine's own shows the bug, too.
    brokenInvariant: { name: 'threw', says: String(error) },
  }));
  if (brokenInvariant) hunted.caughtBy = { seed, invariant: brokenInvariant.name, says: brokenInvariant.says };
}
process.stdout.write(JSON.stringify(hunted));
