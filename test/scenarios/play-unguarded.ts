import { plant } from '../sim/planted/plant.ts';
import type { PlantedBug } from '../sim/planted/planted-bug.ts';

/** What a process of its own saw of a scenario whose guard is gone, as it prints it. */
export interface Unguarded {
  seen: unknown;
}

/** `play-unguarded.ts <name of the scenario's file> <its guard as JSON>`: plays it on an engine without that guard. */
const [file = '', guard = ''] = process.argv.slice(2);
const bug = JSON.parse(guard) as PlantedBug;
const planted = plant(bug);
// Only now, so that the engine is loaded without the guard.
const { scenarioOf } = await import('./scenario-of.ts');
const scenario = await scenarioOf(file);
const seen = await scenario.play();
if (!planted.isPlanted()) throw new Error(`This scenario does not load ${bug.file}: its guard cannot be there.`);
const told: Unguarded = { seen };
process.stdout.write(JSON.stringify(told));
