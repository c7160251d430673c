import type { ObjectDescription } from '../../protocol/crm-connector.ts';
import type { Purpose } from '../../protocol/purpose.ts';
import { chunks } from '../../protocol/chunks.ts';
import type { VendorFields } from '../../protocol/fields.ts';
import type { VendorRow } from '../../protocol/vendor-event.ts';
import type { Calls } from './calls.ts';
import { contactRolesField, contactRolesOf } from './contact-roles.ts';
import type { Describes } from './describes.ts';
import { UnknownField } from './errors.ts';
import { instant_ms, isId, query, quotedList, type SalesforceRecord } from './query.ts';

/** As many ids as one query takes well below the longest URL. */
const batchSize = 200;

interface Reading {
  calls: Calls;
  describes: Describes;
  object: string;
  fields: readonly string[];
  purpose: Purpose;
}

/** Rows by id, those in the recycle bin as archived. */
export async function readRows(
  reading: Reading,
  ids: readonly string[],
): Promise<{ rows: VendorRow[]; missing: string[] }> {
  const found = new Map<string, VendorRow>();
  for (const slice of chunks(ids.filter(isId), batchSize)) {
    for (const row of await select(reading, 'Id', slice, { deleted: true })) found.set(row.externalId, row);
  }
  // Salesforce answers with 18 characters where 15 were asked for.
  const rowOf = (id: string): VendorRow | undefined =>
    found.get(id) ?? [...found.values()].find((row) => row.externalId.slice(0, 15) === id);
  return { rows: ids.flatMap((id) => rowOf(id) ?? []), missing: ids.filter((id) => !rowOf(id)) };
}

/** Live rows by an external id field. */
export async function readRowsByField(
  reading: Reading,
  field: string,
  values: readonly string[],
): Promise<VendorRow[]> {
  const all = { ...reading, fields: [...new Set([...reading.fields, field])] };
  const rows: VendorRow[] = [];
  for (const slice of chunks(values, batchSize)) rows.push(...(await select(all, field, slice, { deleted: false })));
  return rows;
}

async function select(
  reading: Reading,
  by: string,
  values: readonly string[],
  { deleted }: { deleted: boolean },
): Promise<VendorRow[]> {
  const { calls, describes, object, fields, purpose } = reading;
  const session = await calls.session(purpose);
  const rows = await describes.withCurrent(object, async (description) => {
    const master = readable(description, ['MasterRecordId']);
    const names = [
      'Id',
      'SystemModstamp',
      'LastModifiedById',
      'IsDeleted',
      ...master,
      ...readable(description, fields),
    ];
    const soql = `SELECT ${[...new Set(names)].join(', ')} FROM ${object} WHERE ${by} IN ${quotedList(values)}`;
    const records = await query(calls, soql, { object, count: values.length, purpose, deleted });
    return records.map((one) => toRow(one, readable(description, fields), session.userId));
  });
  return fields.includes(contactRolesField.name) && object === 'Opportunity'
    ? withContactRoles(calls, rows, purpose)
    : rows;
}

/** A field that the org lacks or hides from us is not asked for, and so stays absent from the row. */
function readable(description: ObjectDescription, fields: readonly string[]): string[] {
  return fields.filter((field) => field in description.fields && field !== contactRolesField.name);
}

function toRow(one: SalesforceRecord, fields: readonly string[], ownUserId: string): VendorRow {
  const kept: Record<string, VendorFields[string]> = {};
  for (const field of fields) {
    const value = one[field];
    if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
      kept[field] = value;
    }
  }
  const author = typeof one['LastModifiedById'] === 'string' ? one['LastModifiedById'] : null;
  // Set on the rows that a merge deleted (SOAP API guide, merge()).
  const master = one['IsDeleted'] === true ? one['MasterRecordId'] : null;
  return {
    externalId: one.Id,
    ...(typeof master === 'string' && { mergedInto: master }),
    fields: kept,
    stamp_ms: instant_ms(one['SystemModstamp']),
    archived: one['IsDeleted'] === true,
    author: author === ownUserId ? { kind: 'rapport', userId: null } : { kind: 'person', userId: author },
  };
}

/** Adds who plays a role; where roles are hidden from us the pseudo-field stays absent. */
async function withContactRoles(calls: Calls, rows: VendorRow[], purpose: Purpose): Promise<VendorRow[]> {
  const live = rows.filter((row) => !row.archived).map((row) => row.externalId);
  if (live.length === 0) return rows;
  try {
    const roles = await contactRolesOf(calls, live, purpose);
    const contactsOf = (id: string): string[] => (roles.get(id) ?? []).map((role) => role.contactId);
    return rows.map((row) =>
      row.archived
        ? row
        : {
            ...row,
            fields: { ...row.fields, [contactRolesField.name]: [...new Set(contactsOf(row.externalId))].sort() },
          },
    );
  } catch (error) {
    if (error instanceof UnknownField) return rows;
    throw error;
  }
}
