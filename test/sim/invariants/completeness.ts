import { tenantId, type World } from '../world.ts';
import { Broken } from './broken.ts';

const mirrored = new Set(['company', 'contact', 'deal']);

/**
 * I1, at rest: every record lives in every account, unless its row there was deleted, or it is parked there, or a row that
 * waits for a person might be it.
 */
export function completeness(world: World): void {
  const { records, links, parked } = world.store.tables(tenantId);
  for (const record of records.rows.values()) {
    if (!mirrored.has(record.kind) || record.deletedAt_ms !== null) continue;
    const own = [...links.rows.values()].filter((link) => link.recordId === record.id);
    // A record of which all rows are gone wants none.
    if (!own.some((link) => link.state === 'live' && link.externalId !== null)) continue;
    for (const { installationId } of world.places) {
      const there = own.filter((link) => link.installationId === installationId);
      const isThere = there.some((link) => link.externalId !== null);
      const waits = [...parked.rows.values()].some(
        (entry) =>
          entry.installationId === installationId &&
          (entry.recordId === record.id || (entry.cause === 'ambiguous_match' && entry.detail.includes(record.id))),
      );
      if (!isThere && !waits) throw new Broken('I1', `${record.kind} ${record.id} is not at ${installationId}`);
    }
  }
}
