import type { VendorValue } from '../../../protocol/fields.ts';
import type { Author } from '../../../protocol/nouns.ts';
import type { VendorEvent } from '../../../protocol/vendor-event.ts';
import type { SimField } from './field.ts';
import type { Flavour } from './flavour.ts';
import { keptEmail, keptInstant, keptNumber, keptOption, keptSet, keptText, type Codes } from './kept-value.ts';
import type { Actor, RowChange } from './row.ts';
import { salesforceSchema } from './salesforce-schema.ts';

const codes: Codes = {
  tooLong: 'STRING_TOO_LONG',
  badOption: 'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST',
  badEmail: 'INVALID_EMAIL_ADDRESS',
  badNumber: 'INVALID_TYPE_ON_FIELD_IN_RECORD',
  badDate: 'INVALID_TYPE_ON_FIELD_IN_RECORD',
};

const prefixes: Readonly<Record<string, string>> = {
  Account: '001',
  Contact: '003',
  Opportunity: '006',
  Research_Report__c: 'a01',
};

/**
 * Salesforce: ids of 18 characters, typed values, stamps in whole seconds, collections of 200, deleted rows among the
 * changes, one event for a row and transaction, trimmed texts, deletes that cascade (REST API guide, Change Data Capture).
 */
export const salesforceFlavour: Flavour = {
  vendor: 'salesforce',
  schema: salesforceSchema,
  idField: 'Rapport_Id__c',
  batchSize: 200,
  listSize: 2_000,
  changesSize: 2_000,
  absentId: '001000000000000AAA',
  newId: (object, count) => `${prefixes[object] ?? 'a0X'}5g${String(count).padStart(10, '0')}AAB`,
  compareIds: (a, b) => (a < b ? -1 : Number(a > b)),
  stampOf: (at_ms) => Math.floor(at_ms / 1_000) * 1_000,
  keep,
  show,
  stampsEveryWrite: true,
  isSilent: (field) => field.type === 'set',
  cascades: true,
  mergesIntoNew: false,
  readsLag: false,
  showsDeleted: true,
  rowAuthor: shownAuthor,
  tell,
};

function keep(field: SimField, sent: VendorValue): VendorValue {
  const text = typeof sent === 'string' ? sent.trim() : sent;
  if (text === null || text === '') return null;
  switch (field.type) {
    case 'number':
    case 'integer':
      return Number(keptNumber(field, text, codes));
    case 'day':
      return Math.floor(keptInstant(field, text, codes) / 86_400_000) * 86_400_000;
    case 'instant':
      return Math.floor(keptInstant(field, text, codes) / 1_000) * 1_000;
    case 'option':
      return keptOption(field, String(text), codes);
    case 'email':
      return keptEmail(field, String(text), codes);
    case 'set':
      return keptSet(text);
    default:
      return typeof text === 'boolean' ? text : keptText(field, String(text), codes);
  }
}

function show(field: SimField, kept: VendorValue): VendorValue {
  if (field.type === 'set') return kept ?? [];
  if (typeof kept !== 'number') return kept;
  if (field.type === 'day') return new Date(kept).toISOString().slice(0, 10);
  if (field.type === 'instant') return new Date(kept).toISOString().replace('Z', '+0000');
  return kept;
}

/** A flow runs as the user whose change set it off: under our own name where that was we. */
function shownAuthor(by: Actor): Author {
  return by.kind === 'rapport' ? by : { kind: 'person', userId: by.userId };
}

const verbs = { created: 'CREATE', updated: 'UPDATE', deleted: 'DELETE', restored: 'UNDELETE' } as const;

/** One event for a row and transaction. */
function tell(change: RowChange, fields: readonly SimField[], number: number): VendorEvent[] {
  const { object, id, kind, values, occurredAt_ms, by, own } = change;
  const told = fields.filter((field) => field.name in values && field.type !== 'set');
  if (kind === 'updated' && told.length === 0) return [];
  const shown = told.map((field) => [field.name, show(field, values[field.name] ?? null)] as const);
  const filled = kind === 'updated' ? shown : shown.filter(([, value]) => value !== null);
  const key = `${verbs[kind]}-${number}|${id}`;
  const author = shownAuthor(by);
  const seen = { object, externalId: id, occurredAt_ms, author, own, lane: 'event' as const };
  return [{ ...seen, key, change: kind, values: kind === 'deleted' ? {} : Object.fromEntries(filled) }];
}
