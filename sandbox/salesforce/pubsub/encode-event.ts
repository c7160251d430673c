import { encodeBitmaps } from './bitmap.ts';
import type { EntityField, EventSchema, FieldPlace } from './event-schema.ts';
import type { MergedChange } from './merge-changes.ts';

/**
 * A change event's Avro payload. An update shows only what changed, beside the stamp; a deletion and a gap show nothing.
 * With `asDiff` changed long texts are sent as a diff and named in `diffFields`.
 * Throws TypeError when a row's value does not fit the field's type.
 */
export function encodeEvent(
  schema: EventSchema,
  change: MergedChange,
  commitNumber: bigint,
  options: { asDiff: boolean } = { asDiff: false },
): Buffer {
  const record: Record<string, unknown> = {};
  const compounds: Record<string, Record<string, unknown>> = {};
  const changed: FieldPlace[] = [];
  const nulled: FieldPlace[] = [];
  const diffed: FieldPlace[] = [];
  for (const [name, value] of Object.entries(shownFields(schema, change))) {
    const place = schema.places.get(name);
    if (!place) continue;
    const empty = value === null || value === undefined;
    changed.push(place);
    if (empty) nulled.push(place);
    let shown = empty ? null : avroValue(change.entity, place.field, value);
    if (options.asDiff && place.field.type === 'textarea' && typeof shown === 'string') {
      diffed.push(place);
      shown = `--- \n+++ \n@@ -1,1 +1,1 @@\n+${shown}`;
    }
    if (place.compound === undefined) record[name] = shown;
    else (compounds[place.compound] ??= {})[place.partName] = shown;
  }
  const bitmaps = (places: FieldPlace[]): string[] => (change.changeType === 'UPDATE' ? encodeBitmaps(places) : []);
  const ChangeEventHeader = {
    entityName: change.entity,
    recordIds: change.recordIds,
    changeType: change.changeType,
    changeOrigin: change.changeOrigin,
    transactionKey: change.transactionKey,
    sequenceNumber: change.sequenceNumber,
    commitTimestamp: BigInt(change.committedAt_ms),
    commitNumber,
    commitUser: change.commitUser,
    nulledFields: bitmaps(nulled),
    diffFields: bitmaps(diffed),
    changedFields: bitmaps(changed),
  };
  return schema.type.toBuffer({ ChangeEventHeader, ...record, ...compounds });
}

function shownFields(schema: EventSchema, change: MergedChange): Record<string, unknown> {
  // The update that converts a lead is the one update without its date (Change Data Capture guide, lead conversion).
  const dated = schema.places.has('LastModifiedDate') && change.fields['IsConverted'] !== true;
  if (change.changeType === 'UPDATE' && dated) {
    return { LastModifiedDate: change.committedAt_ms, ...change.fields };
  }
  return change.changeType === 'DELETE' ? {} : change.fields;
}

function avroValue(entity: string, field: EntityField, value: unknown): unknown {
  const misfit = (): never => {
    throw new TypeError(`${entity}.${field.name} is of type ${field.type}, but the row holds ${JSON.stringify(value)}`);
  };
  switch (field.type) {
    case 'boolean':
      return typeof value === 'boolean' ? value : misfit();
    case 'int':
    case 'double': {
      const number = Number(value);
      const fits = field.type === 'int' ? Number.isSafeInteger(number) : Number.isFinite(number);
      return fits && typeof value !== 'boolean' ? number : misfit();
    }
    case 'date':
    case 'datetime': {
      const time_ms = typeof value === 'number' ? value : Date.parse(String(value));
      return Number.isNaN(time_ms) ? misfit() : BigInt(time_ms);
    }
    default:
      return typeof value === 'string' ? value : misfit();
  }
}
