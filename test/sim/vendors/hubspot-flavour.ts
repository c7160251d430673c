import type { VendorValue } from '../../../protocol/fields.ts';
import type { VendorEvent } from '../../../protocol/vendor-event.ts';
import type { SimField } from './field.ts';
import type { Flavour } from './flavour.ts';
import { hubspotSchema } from './hubspot-schema.ts';
import { keptEmail, keptInstant, keptNumber, keptOption, keptSet, keptText, type Codes } from './kept-value.ts';
import type { RowChange } from './row.ts';

const codes: Codes = {
  tooLong: 'PROPERTY_VALUE_TOO_LONG',
  badOption: 'INVALID_OPTION',
  badEmail: 'INVALID_EMAIL',
  badNumber: 'INVALID_NUMBER',
  badDate: 'INVALID_DATE',
};

/**
 * HubSpot: numeric ids, properties that are texts, stamps in ms, batches of 100, a search that shows no archived rows, one
 * event for each property, associations that move no stamp (HubSpot docs: CRM objects, search, webhooks).
 */
export const hubspotFlavour: Flavour = {
  vendor: 'hubspot',
  schema: hubspotSchema,
  idField: 'rapport_id',
  batchSize: 100,
  listSize: 100,
  changesSize: 200,
  absentId: '999999999999',
  newId: (_object, count) => String(9_000_000_000 + count),
  compareIds: (a, b) => Number(a) - Number(b),
  stampOf: (at_ms) => at_ms,
  keep,
  show: (field, kept) =>
    field.type === 'instant' && typeof kept === 'number'
      ? new Date(kept).toISOString().replace('.000Z', 'Z')
      : (kept ?? (field.type === 'set' ? [] : null)),
  stampsEveryWrite: false,
  isSilent: (field) => field.name.startsWith('association'),
  cascades: false,
  mergesIntoNew: true,
  readsLag: true,
  showsDeleted: false,
  // HubSpot's reads do not say who changed a row.
  rowAuthor: () => ({ kind: 'unknown', userId: null }),
  tell,
};

function keep(field: SimField, sent: VendorValue): VendorValue {
  if (sent === null || sent === '') return null;
  switch (field.type) {
    case 'number':
    case 'integer':
      return keptNumber(field, sent, codes);
    case 'day':
    case 'instant':
      return keptInstant(field, sent, codes);
    case 'option':
      return keptOption(field, String(sent), codes);
    case 'email':
      return keptEmail(field, String(sent), codes);
    case 'set':
      return keptSet(sent);
    default:
      return keptText(field, String(sent), codes);
  }
}

/** One event for the row's own fate and one for each property; values are texts, instants in ms. */
function tell(change: RowChange, fields: readonly SimField[], number: number): VendorEvent[] {
  const { object, id, kind, values, occurredAt_ms, by, own } = change;
  const seen = { object, externalId: id, occurredAt_ms, author: by, own, lane: 'event' as const };
  const key = (what: string): string => `${object}|${id}|${what}|${number}|${occurredAt_ms}`;
  const fate: VendorEvent[] = kind === 'updated' ? [] : [{ ...seen, key: key(kind), change: kind, values: {} }];
  const shown = fields.filter((field) => field.name in values && !field.name.startsWith('association'));
  if (kind === 'deleted' || kind === 'restored') return fate;
  return [
    ...fate,
    ...shown.map((field): VendorEvent => {
      const value = values[field.name] ?? null;
      const text = value === null ? null : String(value);
      return { ...seen, key: key(field.name), change: 'updated', values: { [field.name]: text } };
    }),
  ];
}
