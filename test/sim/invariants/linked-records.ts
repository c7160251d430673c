import type { VendorValue } from '../../../protocol/fields.ts';
import type { FieldMapping } from '../../../protocol/mapping.ts';
import type { Kind, Link, StoredRecord } from '../../../protocol/nouns.ts';
import { formOf, nameAt, type Form } from '../oracle-field.ts';
import type { Place } from '../place.ts';
import type { FieldChange, SimRow } from '../vendors/row.ts';
import { mapper, tenantId, type World } from '../world.ts';

/** A record and the row that one of its links leads, or led, to. */
export interface Linked {
  record: StoredRecord;
  link: Link;
  place: Place;
  row: SimRow;
}

export interface LinkedRecord {
  record: StoredRecord;
  kind: Kind;
  rows: Linked[];
}

/** Each record with the rows of all of its links. */
export function linkedRecords(world: World): LinkedRecord[] {
  const { records, links } = world.store.tables(tenantId);
  const byRecord = Map.groupBy([...links.rows.values()], (link) => link.recordId);
  return [...records.rows.values()].map((record) => ({
    record,
    kind: record.kind,
    rows: (byRecord.get(record.id) ?? []).flatMap((link): Linked[] => {
      const place = world.places.find((one) => one.installationId === link.installationId);
      const row = link.externalId === null ? undefined : place?.account.crm.row(link.object, link.externalId);
      return place && row ? [{ record, link, place, row }] : [];
    }),
  }));
}

/** What the row shows in a field. */
export function formIn({ record, place, row }: Linked, field: FieldMapping): Form {
  const name = nameAt(mapper.mappings, record.kind, field, place.vendor);
  return name === undefined ? undefined : formOf(field, place.vendor, place.account.crm.shownIn(row, name));
}

/** What became of a field of the row, oldest first, in comparable form. */
export function changesIn({ record, place, row }: Linked, field: FieldMapping): (FieldChange & { form: Form })[] {
  const name = nameAt(mapper.mappings, record.kind, field, place.vendor);
  const described = name === undefined ? undefined : place.account.crm.schema.get(row.object)?.get(name);
  return row.history.flatMap((change) => {
    if (change.field !== name || !described) return [];
    return [{ ...change, form: formOf(field, place.vendor, place.account.crm.flavour.show(described, change.after)) }];
  });
}

/** A canonical value in the same form; its own names of options are those of the mapping. */
export function canonicalForm(field: FieldMapping, value: VendorValue): Form {
  return field.type === 'option' ? (value === null ? null : String(value)) : formOf(field, 'salesforce', value);
}
