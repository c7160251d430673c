import type { FieldMapping } from '../../../protocol/mapping.ts';
import { nameAt, plainFields, unitOf } from '../oracle-field.ts';
import { mapper, tenantId, type World } from '../world.ts';
import { Broken } from './broken.ts';
import { changesIn, formIn, linkedRecords, type Linked } from './linked-records.ts';

/**
 * I1, at rest: all rows of a record agree in every mapped field, under the mapping's types. What is parked at one of them,
 * with its group, is the exception that somebody is told of.
 */
export function convergence(world: World): void {
  for (const { record, kind, rows } of linkedRecords(world)) {
    const live = rows.filter(({ link, row }) => link.state === 'live' && !row.archived);
    for (const field of plainFields(mapper.mappings, kind))
      if (field.rule !== 'off' && !isParked(world, record.id, unitOf(mapper.mappings, kind, field))) agree(field, live);
  }
}

function agree(field: FieldMapping, rows: readonly Linked[]): void {
  const shown = rows.flatMap((one) => {
    const form = nameAt(mapper.mappings, one.record.kind, field, one.place.vendor) && formIn(one, field);
    return form === undefined || isUntouchedDefault(one, field) ? [] : [{ one, form }];
  });
  const [first] = shown;
  const other = shown.find(({ form }) => form !== first?.form);
  if (!first || !other) return;
  const say = ({ one, form }: typeof first): string =>
    `${JSON.stringify(form)} at ${one.place.installationId} (${one.row.id})`;
  const { record } = first.one;
  throw new Broken('I1', `${record.kind} ${record.id}: ${field.name} is ${say(first)}, ${say(other)}`);
}

/** Our own default of a required field in a row that we made: it never travels back. */
function isUntouchedDefault(one: Linked, field: FieldMapping): boolean {
  const isSet = one.record.fields[field.name] !== undefined && one.record.fields[field.name] !== null;
  const vendorName = nameAt(mapper.mappings, one.record.kind, field, one.place.vendor);
  const target = mapper.mappings.kinds[one.record.kind].objects[one.place.vendor]?.[0];
  const isOurs = changesIn(one, field).every(({ by }) => by.kind === 'rapport');
  return !isSet && isOurs && (target?.onCreate.some((given) => given.field === vendorName) ?? false);
}

export function isParked(world: World, recordId: string, unit: readonly FieldMapping[]): boolean {
  const { parked } = world.store.tables(tenantId);
  return [...parked.rows.values()].some(
    (entry) =>
      entry.recordId === recordId && (entry.field === null || unit.some((field) => field.name === entry.field)),
  );
}
