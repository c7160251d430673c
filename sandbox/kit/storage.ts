import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** A keyed set of JSON values: read from memory, written behind to SQLite, so that a restart finds what was there. */
export interface Collection<T> {
  get(id: string): T | undefined;
  /** Stores `value` under `id`. The value must not be changed afterwards other than by another `set`. */
  set(id: string, value: T): void;
  delete(id: string): void;
  /** In order of first insertion. */
  values(): IterableIterator<T>;
  entries(): IterableIterator<[string, T]>;
  readonly size: number;
}

/**
 * One vendor's state. All writes of one turn of the event loop go to disk in one transaction; `close` writes what is left.
 * A SIGKILL of the sandbox may lose the last turn, never half of one.
 */
export class Storage {
  readonly #db: DatabaseSync;
  readonly #collections = new Map<string, MemoryCollection<unknown>>();
  #pending: { collection: string; id: string; body: string | undefined }[] = [];
  #flushing = false;

  constructor(path: string) {
    if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true });
    this.#db = new DatabaseSync(path);
    this.#db.exec('pragma journal_mode = wal; pragma synchronous = off');
    this.#db.exec(
      'create table if not exists item (seq integer primary key, collection text, id text, body text, unique (collection, id))',
    );
  }

  collection<T>(name: string): Collection<T> {
    let found = this.#collections.get(name);
    if (!found) {
      found = new MemoryCollection<unknown>((id, value) => this.#enqueue(name, id, value));
      const rows = this.#db.prepare('select id, body from item where collection = ? order by seq').all(name);
      for (const row of rows) found.load(String(row['id']), JSON.parse(String(row['body'])));
      this.#collections.set(name, found);
    }
    return found as unknown as Collection<T>;
  }

  /** The next number of a named sequence, from 1, never given twice in this state's life. */
  next(sequence: string): number {
    const counters = this.collection<number>('_sequence');
    const value = (counters.get(sequence) ?? 0) + 1;
    counters.set(sequence, value);
    return value;
  }

  /** Forgets everything. */
  clear(): void {
    this.#pending = [];
    this.#db.exec('delete from item');
    for (const collection of this.#collections.values()) collection.empty();
  }

  close(): void {
    this.#flush();
    this.#db.close();
  }

  #enqueue(collection: string, id: string, value: unknown): void {
    this.#pending.push({ collection, id, body: value === undefined ? undefined : JSON.stringify(value) });
    if (this.#flushing) return;
    this.#flushing = true;
    setImmediate(() => this.#flush());
  }

  #flush(): void {
    this.#flushing = false;
    if (this.#pending.length === 0 || !this.#db.isOpen) return;
    const pending = this.#pending;
    this.#pending = [];
    const put = this.#db.prepare(
      'insert into item (collection, id, body) values (?, ?, ?) on conflict (collection, id) do update set body = excluded.body',
    );
    const drop = this.#db.prepare('delete from item where collection = ? and id = ?');
    this.#db.exec('begin');
    for (const { collection, id, body } of pending) {
      if (body === undefined) drop.run(collection, id);
      else put.run(collection, id, body);
    }
    this.#db.exec('commit');
  }
}

class MemoryCollection<T> implements Collection<T> {
  readonly #items = new Map<string, T>();
  readonly #changed: (id: string, value: T | undefined) => void;

  constructor(changed: (id: string, value: T | undefined) => void) {
    this.#changed = changed;
  }

  get size(): number {
    return this.#items.size;
  }

  get(id: string): T | undefined {
    return this.#items.get(id);
  }

  set(id: string, value: T): void {
    this.#items.set(id, value);
    this.#changed(id, value);
  }

  delete(id: string): void {
    if (this.#items.delete(id)) this.#changed(id, undefined);
  }

  values(): IterableIterator<T> {
    return this.#items.values();
  }

  entries(): IterableIterator<[string, T]> {
    return this.#items.entries();
  }

  load(id: string, value: T): void {
    this.#items.set(id, value);
  }

  empty(): void {
    this.#items.clear();
  }
}
