import { tenantId, type World } from '../world.ts';
import { Broken } from './broken.ts';

/** I20, at rest: every event that the hub answered for, or whose position it stored, was stored and came to an end. */
export function accounting(world: World): void {
  const { inbox } = world.store.tables(tenantId);
  const stored = new Map(
    [...inbox.rows.values()].map((row) => [`${row.installationId} ${row.event.key}`, row.outcome]),
  );
  for (const key of world.acknowledged) {
    const outcome = stored.get(key);
    if (outcome === undefined) throw new Broken('I20', `the acknowledged event ${key} was not stored`);
    if (outcome === null) throw new Broken('I20', `the event ${key} came to no end`);
  }
}
