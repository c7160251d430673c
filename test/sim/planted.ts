import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { allBugs } from './planted/all-bugs.ts';
import type { Hunted } from './planted/hunt.ts';

const run = promisify(execFile);
const hunter = join(import.meta.dirname, 'planted', 'hunt.ts');

/**
 * `npm run sim:planted -- [--seeds N] [--seed S] [--only TEXT]`: plays seeds against each planted bug whose name holds the text
 * until one catches it, N at most (2,000), from S on. A seed that fails without the bug, too, has caught nothing. Ends with 1
 * when a bug was not caught, or cannot be planted any more.
 */
const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '2000' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string', default: '' },
  },
});
const [most, from] = [Number(values.seeds), Number(values.seed)];
const wanted = allBugs.filter(({ name }) => name.includes(values.only));
let missed = 0;
for (const { name } of wanted) {
  const from_ms = performance.now();
  const caught = await hunt(name).catch((error: unknown) => {
    throw new Error((error as { stderr?: string }).stderr ?? String(error), { cause: error });
  });
  if (!caught) missed += 1;
  const says = caught
    ? `caught by seed ${caught.seed} (no. ${caught.seed - from + 1}): ${caught.invariant}, ${caught.says.slice(0, 160)}`
    : `NOT CAUGHT in ${most} seeds`;
  console.log(`${((performance.now() - from_ms) / 1_000).toFixed(1).padStart(6)} s  ${name}: ${says}`);
}
console.log(`${wanted.length - missed} of ${wanted.length} planted bugs were caught.`);
process.exitCode = missed > 0 ? 1 : 0;

async function hunt(name: string): Promise<Hunted['caughtBy']> {
  for (let first = from; first < from + most;) {
    const { caughtBy } = await play(name, first, from + most - first);
    if (!caughtBy) return undefined;
    const isTheBugs = !(await play('', caughtBy.seed, 1)).caughtBy;
    if (isTheBugs) return caughtBy;
    first = caughtBy.seed + 1;
  }
  return undefined;
}

async function play(name: string, first: number, seeds: number): Promise<Hunted> {
  const { stdout } = await run(process.execPath, [hunter, name, String(first), String(seeds)]);
  return JSON.parse(stdout) as Hunted;
}
