import { sideFieldName } from '../../../protocol/side-field-name.ts';
import type { Place } from '../place.ts';
import type { SeenWrite } from '../vendors/account.ts';
import { mapper, tenantId, type World } from '../world.ts';
import { Broken } from './broken.ts';

/** What must hold of every single write, at the moment it reaches the vendor. */
export function watchWrites(world: World): void {
  const created = new Set<string>();
  for (const place of world.places)
    place.account.onWrite.push((write) => {
      for (const check of [atMostOneCreate, parentsAreThere, onlyWhatIsOurs]) {
        const says = check(world, place, write, created);
        if (says !== undefined)
          world.broken ??= new Broken(says[0], `${place.installationId} at ${world.now_ms} ms: ${says[1]}`);
      }
    });
}

type Says = [invariant: string, says: string] | undefined;

/** I10: one record is created at most once in one account. */
function atMostOneCreate(world: World, { installationId }: Place, write: SeenWrite, created: Set<string>): Says {
  if (write.id !== null) return undefined;
  const key = `${installationId} ${write.recordId}`;
  const isLinked = [...world.store.tables(tenantId).links.rows.values()].some(
    (link) => link.recordId === write.recordId && link.installationId === installationId && link.externalId !== null,
  );
  if (isLinked) return ['I10', `${write.object} is created for record ${write.recordId}, which has a row there`];
  if (created.has(key)) return ['I10', `${write.object} is created again for record ${write.recordId}`];
  return undefined;
}

/** I13: no write names a row that was never there. */
function parentsAreThere(_world: World, { account: { crm } }: Place, write: SeenWrite): Says {
  for (const [name, value] of Object.entries(write.fields)) {
    const to = crm.schema.get(write.object)?.get(name)?.to;
    for (const id of to ? ([value ?? []].flat() as string[]) : [])
      if (!crm.row(to ?? '', id)) return ['I13', `${write.object} names ${to} ${id}, which was never there`];
  }
  return undefined;
}

/** I14: only fields that the mapping names for this side, the hub's id and the defaults of a new row; none that is read only. */
function onlyWhatIsOurs(_world: World, { vendor, account: { crm } }: Place, write: SeenWrite): Says {
  const kind = mapper.kindOf(vendor, write.object);
  const target = kind?.objects[vendor]?.find((one) => one.object === write.object);
  const mapped = (kind?.fields ?? []).flatMap((field) =>
    field.sides[vendor]?.direction === 'in' ? [] : (sideFieldName(field.sides[vendor], write.object) ?? []),
  );
  const ours = new Set([
    ...mapped,
    target?.idField,
    ...(write.id === null ? (target?.onCreate ?? []) : []).map((one) => one.field),
  ]);
  for (const name of Object.keys(write.fields)) {
    if (!ours.has(name)) return ['I14', `${write.object}.${name} is not ours to write`];
    if (crm.schema.get(write.object)?.get(name)?.readOnly) return ['I14', `${write.object}.${name} is read only`];
  }
  return undefined;
}
