import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { withBug } from '../sim/planted/planted-bug.ts';
import type { Unguarded } from './play-unguarded.ts';
import { scenarioFiles, scenarioOf } from './scenario-of.ts';
import type { Scenario } from './scenario.ts';

const root = join(import.meta.dirname, '..', '..');
const player = join(import.meta.dirname, 'play-unguarded.ts');
const limit_ms = 120_000;
const atOnce = 2;
const run = promisify(execFile);

/** In a process of its own, as the guard is taken out where the engine is loaded. */
async function playUnguarded(file: string, { guard }: Scenario): Promise<Unguarded> {
  const { stdout } = await run(process.execPath, [player, file, JSON.stringify(guard)], { timeout: limit_ms });
  return JSON.parse(stdout) as Unguarded;
}

const files = scenarioFiles();
const scenarios = await Promise.all(files.map(async (file) => ({ file, scenario: await scenarioOf(file) })));
scenarios.sort((a, b) => a.scenario.number - b.scenario.number);

describe('The complaints about today’s products', function () {
  this.timeout(2 * limit_ms);
  const unguarded = new Map<string, Promise<Unguarded>>();

  before(() => {
    // A few at once, one after the other; each test awaits its own.
    const lanes: Promise<unknown>[] = Array.from({ length: atOnce }, async () => undefined);
    for (const [index, { file, scenario }] of scenarios.entries()) {
      const turn = (lanes[index % atOnce] as Promise<unknown>).then(() => playUnguarded(file, scenario));
      unguarded.set(file, turn);
      lanes[index % atOnce] = turn.catch(() => undefined);
    }
  });

  it('are twenty-five, and each is played', () => {
    const numbers = new Set(scenarios.map(({ scenario }) => scenario.number));
    assert.deepEqual(
      [...numbers],
      Array.from({ length: 25 }, (_, index) => index + 1),
    );
  });

  for (const { file, scenario } of scenarios)
    describe(`${scenario.number}. ${scenario.complaint}`, () => {
      it('cannot happen', async () => {
        assert.deepEqual(await scenario.play(), scenario.holds);
      });

      it(`and would, without its guard: ${scenario.guard.name}`, async () => {
        withBug(scenario.guard, readFileSync(join(root, scenario.guard.file), 'utf8'));
        const { seen } = (await unguarded.get(file)) as Unguarded;
        assert.notDeepEqual(seen, scenario.holds, `it holds without ${scenario.guard.file}`);
        assert.deepEqual(seen, scenario.harm);
      });
    });
});
