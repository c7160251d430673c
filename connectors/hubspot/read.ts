import { z } from 'zod';
import { Fault, Gone, Rejected } from '../../protocol/errors.ts';
import type { Purpose } from '../../protocol/purpose.ts';
import type { VendorFields } from '../../protocol/fields.ts';
import type { VendorRow } from '../../protocol/vendor-event.ts';
import { peersOf, type Peers } from './association-reads.ts';
import type { Calls } from './calls.ts';
import { chunks } from '../../protocol/chunks.ts';
import { readErrorBody, translateEntry, whereGranted } from './errors.ts';
import { associationField, objectType, type ObjectType } from './object-types.ts';
import { entries, hubspotObject, mergeProperties, properties, toRow } from './rows.ts';
import { objectPath } from './version.ts';

/** HubSpot docs, "CRM objects": batches take 100 inputs. */
export const batchSize = 100;

const readAnswer = z.looseObject({ results: z.array(hubspotObject), errors: entries.optional() });

/** Rows by id; what is not there any more is looked for among the archived, and is else missing. */
export async function readRows(
  calls: Calls,
  object: string,
  ids: readonly string[],
  fields: readonly string[],
  purpose: Purpose,
): Promise<{ rows: VendorRow[]; missing: string[] }> {
  const type = objectType(object);
  const found = new Map<string, VendorRow>();
  for (const archived of [false, true]) {
    const wanted = [...new Set(ids)].filter((id) => !found.has(id) && /^\d+$/.test(id));
    const read = await batchRead(calls, { type, ids: wanted, fields, archived, purpose });
    for (const row of read) if (wanted.includes(row.externalId)) found.set(row.externalId, row);
    // An id that was merged away is answered with the survivor, which names it (HubSpot changelog, merge functionality).
    for (const row of read)
      for (const id of row.mergedFrom ?? [])
        if (wanted.includes(id) && !found.has(id)) found.set(id, mergedAway(id, row));
  }
  const rows = ids.flatMap((id) => found.get(id) ?? []);
  return {
    rows: await withAssociations(calls, type, rows, fields, purpose),
    missing: ids.filter((id) => !found.has(id)),
  };
}

function mergedAway(externalId: string, survivor: VendorRow): VendorRow {
  return { ...survivor, externalId, fields: {}, archived: true, mergedInto: survivor.externalId, mergedFrom: [] };
}

/** Rows by a unique property. */
export async function readRowsByProperty(
  calls: Calls,
  object: string,
  idProperty: string,
  values: readonly string[],
  fields: readonly string[],
  purpose: Purpose,
): Promise<VendorRow[]> {
  const type = objectType(object);
  const all = [...new Set([...fields, idProperty])];
  const rows = await batchRead(calls, { type, ids: values, fields: all, archived: false, purpose, idProperty });
  return withAssociations(calls, type, rows, fields, purpose);
}

async function batchRead(
  calls: Calls,
  what: {
    type: ObjectType;
    ids: readonly string[];
    fields: readonly string[];
    archived: boolean;
    purpose: Purpose;
    idProperty?: string;
  },
): Promise<VendorRow[]> {
  const { type, ids, fields, archived, purpose, idProperty } = what;
  const rows: VendorRow[] = [];
  for (const slice of chunks(ids, batchSize)) {
    const answer = await calls.call({
      method: 'POST',
      path: objectPath(type.pathName, 'batch', 'read'),
      query: { archived: String(archived) },
      body: {
        properties: [...new Set([...properties(fields), ...mergeProperties, type.modifiedProperty])],
        propertiesWithHistory: [],
        ...(idProperty !== undefined && { idProperty }),
        inputs: slice.map((id) => ({ id })),
      },
      effect: 'read',
      object: type.name,
      count: slice.length,
      purpose,
      answer: readAnswer,
    });
    const failed = (answer.errors ?? []).map((one) => translateEntry(readErrorBody(one), calls.clock.now_ms()));
    const fault = failed.find((error) => !(error instanceof Gone));
    // What could not be read is not missing.
    if (fault) throw fault instanceof Rejected ? new Fault(fault.message, fault) : fault;
    rows.push(...answer.results.map((one) => toRow(one, type, fields)));
  }
  return rows;
}

/** Adds the association pseudo-fields asked for; one that could not be read stays absent. */
async function withAssociations(
  calls: Calls,
  type: ObjectType,
  rows: VendorRow[],
  fields: readonly string[],
  purpose: Purpose,
): Promise<VendorRow[]> {
  const wanted = fields.flatMap((field) => associationField(field) ?? []);
  const live = rows.filter((row) => !row.archived).map((row) => row.externalId);
  if (wanted.length === 0 || live.length === 0) return rows;
  const added = new Map<string, Record<string, VendorFields[string]>>(live.map((id) => [id, {}]));
  for (const to of new Set(wanted.map((one) => one.to))) {
    const peers = await whereGranted(peersOf(calls, type, to, live, purpose), new Map<string, Peers>());
    for (const { field, many } of wanted.filter((one) => one.to === to)) {
      for (const [id, found] of peers) {
        const values = added.get(id);
        if (values) values[field] = many ? found.ids.toSorted() : found.one;
      }
    }
  }
  return rows.map((row) => ({ ...row, fields: { ...row.fields, ...added.get(row.externalId) } }));
}
