import type { FieldMapping } from '../../../protocol/mapping.ts';
import { nameAt, plainFields, type Form } from '../oracle-field.ts';
import { mapper, tenantId, type World } from '../world.ts';
import { Broken } from './broken.ts';
import { canonicalForm, changesIn, formIn, linkedRecords, type LinkedRecord } from './linked-records.ts';

/**
 * I5, at rest: every value of a linked row was put there by a person, an automation or a job, or into another row of its
 * record; or it is a default that the mapping names for new rows.
 */
export function invention(world: World): void {
  for (const linked of linkedRecords(world))
    for (const field of plainFields(mapper.mappings, linked.kind)) {
      const known = knownForms(world, linked, field);
      for (const one of linked.rows) {
        const form = formIn(one, field);
        if (form === null || form === undefined || known.has(form) || isDefault(one.place.vendor, linked, field))
          continue;
        const where = `${one.place.installationId} (${one.row.id})`;
        throw new Broken(
          'I5',
          `${linked.kind} ${linked.record.id}: ${field.name} = ${JSON.stringify(form)} at ${where} was set by nobody`,
        );
      }
    }
}

function knownForms(world: World, { record, rows }: LinkedRecord, field: FieldMapping): Set<Form> {
  const filed = [...world.store.tables(tenantId).changes.rows.values()].filter(
    (change) => change.recordId === record.id && change.field === field.name && change.side === 'hub',
  );
  return new Set([
    ...filed.map((change) => canonicalForm(field, change.after)),
    ...rows.flatMap((one) => changesIn(one, field).flatMap(({ by, form }) => (by.kind === 'rapport' ? [] : [form]))),
  ]);
}

function isDefault(vendor: 'hubspot' | 'salesforce', { kind }: LinkedRecord, field: FieldMapping): boolean {
  const name = nameAt(mapper.mappings, kind, field, vendor);
  return mapper.mappings.kinds[kind].objects[vendor]?.[0]?.onCreate.some((one) => one.field === name) ?? false;
}
