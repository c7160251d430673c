import type { Collection, Storage } from '../kit/storage.ts';
import type { CrmRecord } from './record.ts';

/** Records of one kind in one portal. */
interface Table {
  byId: Map<string, CrmRecord>;
  /** Ascending; ids are handed out in order, so it only grows at the end. */
  ids: string[];
  /** property -> lower-cased value -> id, of records that are not archived. */
  unique: Map<string, Map<string, string>>;
}

/** All CRM records, with the indexes that keep a portal of 300,000 contacts quick. */
export class RecordStore {
  readonly #stored: Collection<CrmRecord>;
  readonly #storage: Storage;
  readonly #uniqueOf: (portalId: number, typeId: string) => readonly string[];
  readonly #tables = new Map<string, Table>();

  /** `uniqueOf` names the properties whose values are unique. */
  constructor(storage: Storage, uniqueOf: (portalId: number, typeId: string) => readonly string[]) {
    this.#storage = storage;
    this.#uniqueOf = uniqueOf;
    this.#stored = storage.collection('object');
  }

  /** Builds the indexes from what is stored: at start, and after a reset. */
  rebuild(): void {
    this.#tables.clear();
    for (const record of this.#stored.values()) this.#index(undefined, record);
  }

  nextId(portalId: number, typeId: string): string {
    const kind = Number(typeId.split('-')[1]) % 1000;
    return String((kind + 100) * 1_000_000_000 + this.#storage.next(`object/${portalId}/${typeId}`));
  }

  get(portalId: number, typeId: string, id: string): CrmRecord | undefined {
    return this.#table(portalId, typeId).byId.get(id);
  }

  put(record: CrmRecord): void {
    this.#index(this.get(record.portalId, record.typeId, record.id), record);
    this.#stored.set(key(record), record);
  }

  /** Removes a record without trace, as a privacy deletion does. */
  erase(record: CrmRecord): void {
    const table = this.#table(record.portalId, record.typeId);
    table.byId.delete(record.id);
    table.ids = table.ids.filter((id) => id !== record.id);
    for (const property of table.unique.keys()) this.#unclaim(table, property, record);
    this.#stored.delete(key(record));
  }

  /** The id of the live record that has this value of a unique property. */
  findUnique(portalId: number, typeId: string, property: string, value: string): string | undefined {
    return this.#claims(this.#table(portalId, typeId), portalId, typeId, property).get(value.toLowerCase());
  }

  all(portalId: number, typeId: string): Iterable<CrmRecord> {
    return this.#table(portalId, typeId).byId.values();
  }

  /** At most `limit` records with ids above `after`, in order of id. Merged-away ones are in neither list. */
  page(portalId: number, typeId: string, after: string | undefined, limit: number, archived: boolean): CrmRecord[] {
    const { ids, byId } = this.#table(portalId, typeId);
    const found: CrmRecord[] = [];
    for (let at = after === undefined ? 0 : firstAbove(ids, after); at < ids.length && found.length < limit; at += 1) {
      const record = byId.get(ids[at] ?? '');
      if (!record || record.mergedInto !== undefined) continue;
      if ((record.archivedAt_ms !== undefined) === archived) found.push(record);
    }
    return found;
  }

  #table(portalId: number, typeId: string): Table {
    const name = `${portalId}/${typeId}`;
    let table = this.#tables.get(name);
    if (!table) {
      table = { byId: new Map(), ids: [], unique: new Map() };
      this.#tables.set(name, table);
    }
    return table;
  }

  #index(before: CrmRecord | undefined, after: CrmRecord): void {
    const table = this.#table(after.portalId, after.typeId);
    table.byId.set(after.id, after);
    if (!before) table.ids.push(after.id);
    for (const property of this.#uniqueOf(after.portalId, after.typeId)) {
      const claims = this.#claims(table, after.portalId, after.typeId, property);
      const values = claimedValues(after, property);
      if (before) this.#unclaim(table, property, before, values);
      for (const value of values) claims.set(value, after.id);
    }
  }

  #unclaim(table: Table, property: string, record: CrmRecord, kept: readonly string[] = []): void {
    const claims = table.unique.get(property);
    for (const value of claimedValues(record, property)) {
      if (!kept.includes(value) && claims?.get(value) === record.id) claims.delete(value);
    }
  }

  /** The index of one unique property, built on first use: a property may be created when records exist. */
  #claims(table: Table, portalId: number, typeId: string, property: string): Map<string, string> {
    let claims = table.unique.get(property);
    if (!claims) {
      claims = new Map();
      for (const record of this.all(portalId, typeId)) {
        for (const value of claimedValues(record, property)) claims.set(value, record.id);
      }
      table.unique.set(property, claims);
    }
    return claims;
  }
}

/** What nobody else may have: of e-mail also the further addresses of a contact, which HubSpot knows them by as well. */
function claimedValues(record: CrmRecord, property: string): string[] {
  if (record.archivedAt_ms !== undefined) return [];
  const value = record.properties[property]?.toLowerCase();
  const own = value === undefined ? [] : [value];
  const more = property === 'email' ? record.properties['hs_additional_emails'] : undefined;
  return more === undefined ? own : [...own, ...more.toLowerCase().split(';')];
}

function key(record: CrmRecord): string {
  return `${record.portalId}/${record.typeId}/${record.id}`;
}

function firstAbove(ids: readonly string[], after: string): number {
  const bound = Number(after);
  let low = 0;
  let high = ids.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (Number(ids[middle]) <= bound) low = middle + 1;
    else high = middle;
  }
  return low;
}
