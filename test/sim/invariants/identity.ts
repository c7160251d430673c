import { objectOf } from '../oracle-field.ts';
import { mapper, tenantId, type World } from '../world.ts';
import { Broken } from './broken.ts';
import { linkedRecords } from './linked-records.ts';

const mirrored = ['company', 'contact', 'deal'] as const;

/**
 * I9, at rest: a record has at most one live link to an account, which leads to a row that is there; a row has at most one
 * link; and every live row is linked, or parked with a reason.
 */
export function identity(world: World): void {
  const { links, parked, erased } = world.store.tables(tenantId);
  const live = [...links.rows.values()].filter((link) => link.state === 'live');
  for (const [key, same] of Map.groupBy(live, (link) => `${link.recordId} ${link.installationId}`))
    if (same.length > 1) throw new Broken('I9', `${same.length} live links of ${key}`);
  for (const { record, rows } of linkedRecords(world))
    for (const { link, row, place } of rows)
      if (link.state === 'live' && row.archived)
        throw new Broken(
          'I9',
          `${record.kind} ${record.id} is linked to ${row.id} of ${place.installationId}, which was deleted`,
        );
  const known = new Set([...links.rows.values()].map((link) => `${link.installationId} ${link.externalId}`));
  const waiting = new Set([...parked.rows.values()].map((one) => `${one.installationId} ${one.externalId}`));
  for (const { installationId, vendor, account } of world.places)
    for (const kind of mirrored)
      for (const row of account.crm.rows(objectOf(mapper.mappings, kind, vendor))) {
        const place = `${installationId} ${row.id}`;
        const isErased = erased.rows.size > 0 && kind === 'contact';
        if (!row.archived && !isErased && !known.has(place) && !waiting.has(place))
          throw new Broken('I9', `${kind} ${row.id} of ${installationId} is neither linked nor parked`);
      }
}
