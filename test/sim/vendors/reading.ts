import type { VendorFields } from '../../../protocol/fields.ts';
import type { VendorRow } from '../../../protocol/vendor-event.ts';
import type { SimAccount } from './account.ts';
import type { SimRow, Version } from './row.ts';

/** No replica is further behind. */
const oldestReplica_ms = 5_000;

/** Rows by id, archived ones as such. */
export function readIds(
  account: SimAccount,
  object: string,
  ids: readonly string[],
  fields: readonly string[],
): { rows: VendorRow[]; missing: string[] } {
  const rows: VendorRow[] = [];
  const missing: string[] = [];
  for (const id of ids) {
    const row = account.crm.row(object, id);
    const version = row && versionOf(account, row);
    if (row && version) rows.push(shownRow(account, row, version, fields));
    else missing.push(id);
  }
  return { rows, missing };
}

/** Live rows by the value of a unique field. */
export function readByField(
  account: SimAccount,
  object: string,
  name: string,
  values: readonly string[],
  fields: readonly string[],
): VendorRow[] {
  return account.crm.rows(object).flatMap((row) => {
    const version = versionOf(account, row);
    const found = version && !version.archived && values.includes(String(version.fields[name]));
    return found ? [shownRow(account, row, version, fields)] : [];
  });
}

/** How a row looks to one call: a replica may be seconds behind, and not know a new row yet. */
function versionOf({ crm, line }: SimAccount, row: SimRow): Version | undefined {
  const { weather } = line;
  if (!crm.flavour.readsLag) return row.versions.at(-1);
  const now_ms = crm.clock.now_ms();
  const asOf = (at_ms: number): Version | undefined => row.versions.findLast((version) => version.at_ms <= at_ms);
  const isYoung = row.createdAt_ms > now_ms - oldestReplica_ms;
  if (isYoung && weather.strikes('replica_unaware')) return undefined;
  if (!weather.strikes('stale_replica')) return row.versions.at(-1);
  return asOf(now_ms - weather.between('stale_replica', 100, oldestReplica_ms)) ?? row.versions[0];
}

function shownRow(
  { crm, hidden }: SimAccount,
  { object, id, mergedInto, mergedFrom }: SimRow,
  version: Version,
  fields: readonly string[],
): VendorRow {
  const shown: Record<string, VendorFields[string]> = {};
  for (const name of fields) {
    const field = crm.schema.get(object)?.get(name);
    // A field that is not there, or hidden, is left out: never null.
    if (field && !hidden.has(`${object}.${name}`)) shown[name] = crm.shown(field, version.fields[name] ?? null);
  }
  const { stamp_ms, archived, author } = version;
  const row = { externalId: id, fields: shown, stamp_ms, archived, author: crm.flavour.rowAuthor(author) };
  if (archived && mergedInto !== null) return { ...row, mergedInto };
  return mergedFrom.length > 0 ? { ...row, mergedFrom } : row;
}
