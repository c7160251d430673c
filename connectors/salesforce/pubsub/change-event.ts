import { expandBitmaps } from './bitmap.ts';
import type { EventSchema, TopField } from './event-schema.ts';

/** One change event (Change Data Capture docs: ChangeEventHeader fields). One event may tell of many rows. */
export interface ChangeEvent {
  /** Opaque; only ever stored and sent back. */
  replayId: Buffer;
  /** The same for a repeated delivery. */
  eventId: string;
  entity: string;
  changeType: string;
  /** Empty when the event names no row (`isOverflow`). */
  recordIds: string[];
  /** `com/salesforce/api/rest/67.0;client=Rapport`; empty for most changes made in the UI. */
  changeOrigin: string;
  transactionKey: string;
  sequenceNumber: number;
  commitTimestamp_ms: number;
  /** Beyond what a double holds exactly. */
  commitNumber: string;
  commitUser: string;
  /** API names of the row's fields; filled for updates only. */
  changedFields: string[];
  nulledFields: string[];
  /** Changed long texts of which the event holds a diff, not the value. */
  diffFields: string[];
  /**
   * The values the event shows, by the row's API names, compounds flattened: for an update what changed (null: emptied),
   * for a new or restored row what is filled. Dates `YYYY-MM-DD`, instants ISO in UTC.
   */
  fields: Record<string, string | number | boolean | null>;
  /** The rows are named but not their fields: read them. */
  isGap: boolean;
  /** Not even the rows are named: compare the whole object. */
  isOverflow: boolean;
}

interface Header {
  entityName: string;
  recordIds: string[];
  changeType: string;
  changeOrigin: string;
  transactionKey: string;
  sequenceNumber: number;
  commitTimestamp: bigint;
  commitNumber: bigint;
  commitUser: string;
  nulledFields: string[];
  diffFields: string[];
  changedFields: string[];
}

type Decoded = Record<string, unknown> & { ChangeEventHeader: Header };

/** Decodes a payload. One that cannot be read becomes an overflow of its object, so that it cannot block the stream. */
export function decodeChangeEvent(
  schema: EventSchema,
  event: { id: string; payload: Buffer },
  replayId: Buffer,
): ChangeEvent {
  let decoded: Decoded;
  try {
    decoded = schema.type.fromBuffer(event.payload) as Decoded;
  } catch {
    return unreadable(schema.entity, event.id, replayId);
  }
  const header = decoded.ChangeEventHeader;
  const names = (bitmaps: string[]): string[] => expandBitmaps(bitmaps, schema.fields);
  const changedFields = names(header.changedFields);
  const diffFields = names(header.diffFields);
  // `001*` stands for all rows of the object (Change Data Capture docs: field type conversion).
  const isOverflow = header.changeType === 'GAP_OVERFLOW' || header.recordIds.some((id) => id.endsWith('*'));
  const isGap = !isOverflow && header.changeType.startsWith('GAP_');
  return {
    replayId,
    eventId: event.id,
    entity: header.entityName,
    changeType: header.changeType,
    recordIds: isOverflow ? [] : header.recordIds,
    changeOrigin: header.changeOrigin,
    transactionKey: header.transactionKey,
    sequenceNumber: header.sequenceNumber,
    commitTimestamp_ms: Number(header.commitTimestamp),
    commitNumber: header.commitNumber.toString(),
    commitUser: header.commitUser,
    changedFields,
    nulledFields: names(header.nulledFields),
    diffFields,
    fields: isGap || isOverflow ? {} : shownFields(schema, decoded, { changedFields, diffFields }),
    isGap,
    isOverflow,
  };
}

function shownFields(
  schema: EventSchema,
  decoded: Decoded,
  { changedFields, diffFields }: { changedFields: string[]; diffFields: string[] },
): ChangeEvent['fields'] {
  const isUpdate = decoded.ChangeEventHeader.changeType === 'UPDATE';
  const changed = new Set(changedFields);
  const diffs = new Set(diffFields);
  const shown: ChangeEvent['fields'] = {};
  const show = (name: string, value: ChangeEvent['fields'][string]): void => {
    if (!diffs.has(name) && (isUpdate ? changed.has(name) : value !== null)) shown[name] = value;
  };
  for (const field of schema.fields.slice(1)) {
    const value = decoded[field.name];
    if (field.scalar) show(field.name, plain(field, value));
    for (const { part, rowField } of field.parts) show(rowField, plain(field, partOf(value, part)));
  }
  return shown;
}

function partOf(compound: unknown, part: string): unknown {
  return typeof compound === 'object' && compound !== null ? (compound as Record<string, unknown>)[part] : null;
}

function plain(field: TopField, value: unknown): string | number | boolean | null {
  if (typeof value === 'bigint') {
    if (field.holds === 'other') return value.toString();
    const iso = new Date(Number(value)).toISOString();
    return field.holds === 'date' ? iso.slice(0, 10) : iso;
  }
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
}

function unreadable(entity: string, eventId: string, replayId: Buffer): ChangeEvent {
  return {
    replayId,
    eventId,
    entity,
    changeType: 'GAP_OVERFLOW',
    recordIds: [],
    changeOrigin: '',
    transactionKey: '',
    sequenceNumber: 0,
    commitTimestamp_ms: 0,
    commitNumber: '0',
    commitUser: '',
    changedFields: [],
    nulledFields: [],
    diffFields: [],
    fields: {},
    isGap: false,
    isOverflow: true,
  };
}
