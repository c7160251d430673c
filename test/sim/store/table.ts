import { storedRow } from './stored-value.ts';

export interface TableShape<Row extends object, Index extends string> {
  /** Every property that is stored; the compiler says when one is missing. */
  columns: Readonly<Record<keyof Row & string, true>>;
  /** The primary key of a row. */
  key(row: Row): string;
  /** What finds rows; null leaves a row out. */
  indexes: Readonly<Record<Index, (row: Row) => string | null>>;
  /** Indexes whose value no two rows share. */
  unique?: readonly Index[];
}

/** Several values as one key. Stored texts hold no NUL. */
export function keyOf(...parts: readonly string[]): string {
  return parts.join('\0');
}

/** What is committed of one tenant's table. */
export class Table<Row extends object, Index extends string = never> {
  /** Tells its locks from those of other tables and tenants. */
  readonly name: string;
  readonly rows = new Map<string, Row>();
  readonly keyOf: (row: Row) => string;
  readonly indexes: Readonly<Record<Index, (row: Row) => string | null>>;
  readonly unique: readonly Index[];
  readonly #columns: readonly (keyof Row & string)[];
  readonly #indexNames: readonly Index[];
  readonly #found = new Map<Index, Map<string, Set<string>>>();

  constructor(name: string, shape: TableShape<Row, Index>) {
    this.name = name;
    this.keyOf = (row) => shape.key(row);
    this.indexes = shape.indexes;
    this.unique = shape.unique ?? [];
    this.#columns = Object.keys(shape.columns) as (keyof Row & string)[];
    this.#indexNames = Object.keys(shape.indexes) as Index[];
    for (const index of this.#indexNames) this.#found.set(index, new Map());
  }

  stored(row: Row): Row {
    return storedRow(this.#columns, row);
  }

  /** Keys of the rows with this value in an index. */
  keysOf(index: Index, value: string): Iterable<string> {
    return this.#found.get(index)?.get(value) ?? [];
  }

  /** Sets a row, or removes it. */
  set(key: string, row: Row | undefined): void {
    const before = this.rows.get(key);
    if (row) this.rows.set(key, row);
    else this.rows.delete(key);
    for (const index of this.#indexNames) {
      const from = before ? this.indexes[index](before) : null;
      const to = row ? this.indexes[index](row) : null;
      if (from === to) continue;
      const found = this.#found.get(index) as Map<string, Set<string>>;
      if (from !== null) {
        const keys = found.get(from);
        keys?.delete(key);
        if (keys?.size === 0) found.delete(from);
      }
      if (to === null) continue;
      const keys = found.get(to);
      if (keys) keys.add(key);
      else found.set(to, new Set([key]));
    }
  }
}
