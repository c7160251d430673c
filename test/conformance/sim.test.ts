import { seededIds } from '../sim/seeded-ids.ts';
import { seededRandom } from '../sim/seeded-random.ts';
import { SimBell } from '../sim/sim-bell.ts';
import { createSimStore } from '../sim/store/create-sim-store.ts';
import { bellConformance } from './bell.ts';
import { storeConformance } from './store.ts';

// The simulator proves what its store and bell promise only as far as these are like the real ones: the same suites.

describe('store in memory', () =>
  storeConformance(async (clock) => createSimStore({ clock, ids: seededIds(seededRandom(1), clock) })));

describe('bell in memory', () => bellConformance(async () => new SimBell()));
