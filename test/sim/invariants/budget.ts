import type { World } from '../world.ts';
import { Broken } from './broken.ts';

/** I16, at each look: never above the vendor's limits, and never before the instant that it named. */
export function budget(world: World): void {
  for (const { installationId, account } of world.places) {
    const [excess] = account.line.quota.excess;
    if (excess !== undefined) throw new Broken('I16', `${installationId}: ${excess}`);
  }
}
