import type { Collection } from '../../kit/storage.ts';
import type { Entity } from '../schema/entity.ts';
import type { Field } from '../schema/field.ts';
import { ModstampIndex } from './modstamp-index.ts';

/** One row: values by API name; an absent name is null. `deletedWith` is the id whose deletion took the row along. */
export type Row = { readonly Id: string; readonly deletedWith?: string } & Readonly<Record<string, unknown>>;

/** Fields by which rows are found without a scan: lookups, external ids and the standard id lookups. */
export function isIndexed(field: Field): boolean {
  return field.type === 'reference' || field.externalId || field.unique || field.idLookup;
}

const keyOf = (field: Field, value: unknown): string =>
  field.type === 'reference' ? String(value) : String(value).toLowerCase();

/** The rows of one object of one org, deleted ones included, with their indexes. */
export class RowStore {
  readonly #rows: Collection<Row>;
  readonly #indexes = new Map<Field, Map<string, Set<string>>>();
  readonly #modstamps = new ModstampIndex();

  constructor(rows: Collection<Row>, entity: Entity) {
    this.#rows = rows;
    for (const field of entity.fields) {
      if (field.type !== 'id' && isIndexed(field)) this.#indexes.set(field, new Map());
    }
    for (const row of rows.values()) this.#index(row);
  }

  get(id: string): Row | undefined {
    return this.#rows.get(id);
  }

  put(row: Row): void {
    const old = this.#rows.get(row.Id);
    if (old) this.#unindex(old);
    this.#rows.set(row.Id, row);
    this.#index(row);
  }

  /** Takes a row out as if it had never been (the undoing of an insert; a deleted row stays as IsDeleted). */
  forget(id: string): void {
    const old = this.#rows.get(id);
    if (!old) return;
    this.#unindex(old);
    this.#modstamps.remove(id);
    this.#rows.delete(id);
  }

  /** In order of insertion. */
  all(): IterableIterator<Row> {
    return this.#rows.values();
  }

  /** Rows whose indexed field equals the value (text without regard to case). */
  find(field: Field, value: unknown): Row[] {
    const ids = this.#indexes.get(field)?.get(keyOf(field, value)) ?? [];
    return [...ids].map((id) => this.#rows.get(id) as Row);
  }

  /** Rows by SystemModstamp, oldest first, bounds included. */
  *modifiedBetween(from: string | undefined, to: string | undefined): Generator<Row> {
    for (const id of this.#modstamps.between(from, to)) yield this.#rows.get(id) as Row;
  }

  #index(row: Row): void {
    for (const [field, index] of this.#indexes) {
      const value = row[field.name];
      if (value === null || value === undefined) continue;
      const key = keyOf(field, value);
      const ids = index.get(key);
      if (ids) ids.add(row.Id);
      else index.set(key, new Set([row.Id]));
    }
    this.#modstamps.set(row.Id, String(row['SystemModstamp']));
  }

  #unindex(row: Row): void {
    for (const [field, index] of this.#indexes) {
      const value = row[field.name];
      if (value === null || value === undefined) continue;
      const ids = index.get(keyOf(field, value));
      ids?.delete(row.Id);
      if (ids?.size === 0) index.delete(keyOf(field, value));
    }
  }
}
