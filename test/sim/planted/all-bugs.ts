import { laneBugs } from './bugs/lanes.ts';
import { observingBugs } from './bugs/observing.ts';
import { plannerBugs } from './bugs/planner.ts';
import { writingBugs } from './bugs/writing.ts';
import type { PlantedBug } from './planted-bug.ts';

/** Every planted bug. The simulator finds each within 2,000 seeds. */
export const allBugs: readonly PlantedBug[] = [...plannerBugs, ...observingBugs, ...writingBugs, ...laneBugs];
