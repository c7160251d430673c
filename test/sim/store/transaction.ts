import { RetryLater } from '../../../protocol/errors.ts';
import type { Clock } from '../../../protocol/ports/clock.ts';
import { Deadlock, type Holder, type Locks } from './locks.ts';
import type { Table } from './table.ts';

/** As the database's own answer is translated in `hub/store/outage.ts`. */
const yieldPause_ms = 100;

/**
 * One transaction at READ COMMITTED: it reads what is committed now and what it wrote itself; what it writes is seen by
 * others after `commit`; a row that it wrote or locked waits for its end. An error of a statement ends it.
 */
export class Transaction implements Holder {
  readonly locks = new Set<string>();
  readonly waitsFor = new Set<string>();
  readonly #locks: Locks;
  readonly #clock: Clock;
  readonly #views = new Map<object, View<object, string>>();
  #state: 'open' | 'failed' | 'ended' = 'open';

  constructor(locks: Locks, clock: Clock) {
    this.#locks = locks;
    this.#clock = clock;
  }

  view<Row extends object, Index extends string>(table: Table<Row, Index>): View<Row, Index> {
    let view = this.#views.get(table);
    if (!view) this.#views.set(table, (view = new View(this, table) as unknown as View<object, string>));
    return view as unknown as View<Row, Index>;
  }

  async lock(name: string): Promise<void> {
    this.assertOpen();
    try {
      const had = this.#locks.take(this, name);
      if (had) await had;
    } catch (error) {
      if (!(error instanceof Deadlock)) throw error;
      throw this.failed(
        new RetryLater('The database was busy with the same rows.', this.#clock.now_ms() + yieldPause_ms, error),
      );
    }
  }

  tryLock(name: string): boolean {
    this.assertOpen();
    return this.#locks.tryTake(this, name);
  }

  /** A statement's error: the transaction can only be rolled back from here. */
  failed<E extends Error>(error: E): E {
    if (this.#state === 'open') this.#state = 'failed';
    return error;
  }

  commit(): void {
    this.assertOpen();
    for (const view of this.#views.values()) view.apply();
    this.#end();
  }

  /** Nothing of it stays. May be called at any time, and after the end. */
  rollback(): void {
    if (this.#state !== 'ended') this.#end();
  }

  assertOpen(): void {
    if (this.#state === 'failed') throw new Error('a statement of this transaction failed: it can only be rolled back');
    if (this.#state === 'ended') throw new Error('this transaction has ended');
  }

  #end(): void {
    this.#state = 'ended';
    this.#locks.release(this);
  }
}

/** A table as one transaction sees it. */
export class View<Row extends object, Index extends string> {
  readonly #tx: Transaction;
  readonly #table: Table<Row, Index>;
  /** What this transaction wrote; undefined: removed. */
  readonly #written = new Map<string, Row | undefined>();

  constructor(tx: Transaction, table: Table<Row, Index>) {
    this.#tx = tx;
    this.#table = table;
  }

  get(key: string): Row | undefined {
    this.#tx.assertOpen();
    return this.#written.has(key) ? this.#written.get(key) : this.#table.rows.get(key);
  }

  find(index: Index, value: string): Row[] {
    this.#tx.assertOpen();
    const found: Row[] = [];
    for (const key of this.#table.keysOf(index, value))
      if (!this.#written.has(key)) found.push(this.#table.rows.get(key) as Row);
    for (const row of this.#written.values()) if (row && this.#table.indexes[index](row) === value) found.push(row);
    return found;
  }

  all(): Row[] {
    this.#tx.assertOpen();
    const found: Row[] = [];
    for (const [key, row] of this.#table.rows) if (!this.#written.has(key)) found.push(row);
    for (const row of this.#written.values()) if (row) found.push(row);
    return found;
  }

  /** Waits for whoever holds the row; reads it then. */
  async lock(key: string): Promise<Row | undefined> {
    await this.#tx.lock(this.#lockOf('', key));
    return this.get(key);
  }

  /** `skip locked`: false when somebody else holds the row. */
  tryLock(key: string): boolean {
    return this.#tx.tryLock(this.#lockOf('', key));
  }

  /** Waits for whoever holds this value of a unique index; who has it then. */
  async lockValue(index: Index, value: string): Promise<Row | undefined> {
    await this.#tx.lock(this.#lockOf(index, value));
    return this.find(index, value)[0];
  }

  /** Inserts or replaces; throws where a unique value is another row's. */
  async put(given: Row): Promise<void> {
    if (!(await this.#write(this.#table.stored(given)))) {
      throw this.#tx.failed(new Error(`duplicate key value in ${this.#table.name.replaceAll('\0', ' ')}`));
    }
  }

  /** `on conflict do nothing`: false when its key or a unique value is taken. */
  async insertNew(given: Row): Promise<boolean> {
    const row = this.#table.stored(given);
    if (await this.lock(this.#table.keyOf(row))) return false;
    return this.#write(row);
  }

  /** Changes these rows as they are once nobody else holds them; undefined removes one. Returns how many were changed. */
  async change(rows: readonly Row[], to: (row: Row) => Row | undefined): Promise<number> {
    let changed = 0;
    for (const seen of rows) {
      const row = await this.lock(this.#table.keyOf(seen));
      if (!row) continue;
      const next = to(row);
      if (next === row) continue;
      changed++;
      if (next) await this.put(next);
      else await this.#remove(row);
    }
    return changed;
  }

  apply(): void {
    for (const [key, row] of this.#written) this.#table.set(key, row);
  }

  async #remove(row: Row): Promise<void> {
    for (const index of this.#table.unique) {
      const value = this.#table.indexes[index](row);
      if (value !== null) await this.#tx.lock(this.#lockOf(index, value));
    }
    this.#written.set(this.#table.keyOf(row), undefined);
  }

  async #write(row: Row): Promise<boolean> {
    const key = this.#table.keyOf(row);
    const before = await this.lock(key);
    for (const index of this.#table.unique) {
      const [from, to] = [before ? this.#table.indexes[index](before) : null, this.#table.indexes[index](row)];
      // The value given up, too: until the end of this transaction nobody knows whether it is free.
      if (from !== null && from !== to) await this.#tx.lock(this.#lockOf(index, from));
      if (to === null) continue;
      const taken = await this.lockValue(index, to);
      if (taken && this.#table.keyOf(taken) !== key) return false;
    }
    this.#written.set(key, row);
    return true;
  }

  #lockOf(index: string, value: string): string {
    return `${this.#table.name}\0${index}\0${value}`;
  }
}
