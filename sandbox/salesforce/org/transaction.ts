import { randomUUID } from 'node:crypto';
import type { Faults } from '../../kit/faults.ts';
import type { Collection } from '../../kit/storage.ts';
import type { ValidationRule } from '../dml/validation-rule.ts';
import { apiInstant } from '../instant.ts';
import type { RowChange } from '../row-change.ts';
import type { Entity } from '../schema/entity.ts';
import type { Actor } from './actor.ts';
import type { Org } from './org.ts';
import type { Row } from './row-store.ts';

/**
 * The writes of one request. They are in the rows at once (one thread, so nobody looks in between) with an undo log beside them;
 * `commit` hands over the changes of rows, `rollback` takes everything since a savepoint back.
 */
export class Transaction {
  readonly org: Org;
  readonly actor: Actor;
  readonly faults: Faults;
  readonly rules: Collection<ValidationRule>;
  readonly now_ms: number;
  #log: { change?: RowChange; undo: () => void }[] = [];
  readonly #transactionKey = randomUUID();

  constructor(
    org: Org,
    actor: Actor,
    { faults, rules, now_ms }: { faults: Faults; rules: Collection<ValidationRule>; now_ms: number },
  ) {
    this.org = org;
    this.actor = actor;
    this.faults = faults;
    this.rules = rules;
    this.now_ms = now_ms;
  }

  /** The stamp of all rows of this transaction. */
  get stamp(): string {
    return apiInstant(this.now_ms);
  }

  /** A mark for `rollback`. */
  savepoint(): number {
    return this.#log.length;
  }

  rollback(savepoint = 0): void {
    for (const { undo } of this.#log.splice(savepoint).reverse()) undo();
  }

  /** Stores a row and remembers the change; `fields` are the fields a change event may name. */
  write(entity: Entity, row: Row, changeType: RowChange['changeType'], fields: Record<string, unknown>): void {
    const change: RowChange = {
      orgId: this.org.orgId,
      entity: entity.name,
      changeType,
      recordId: row.Id,
      fields,
      transactionKey: this.#transactionKey,
      sequenceNumber: 0,
      committedAt_ms: this.now_ms,
      commitUser: this.actor.userId,
      changeOrigin: this.actor.changeOrigin,
    };
    this.#log.push({ change, undo: this.#store(entity, row) });
  }

  /** Stores a row without a change event. */
  touch(entity: Entity, row: Row): void {
    this.#log.push({ undo: this.#store(entity, row) });
  }

  /** The committed changes in order, numbered from 1; empty if nothing was written. */
  commit(): RowChange[] {
    const changes = this.#log.flatMap(({ change }) => change ?? []);
    this.#log = [];
    return changes.map((change, index) => ({ ...change, sequenceNumber: index + 1 }));
  }

  #store(entity: Entity, row: Row): () => void {
    const store = this.org.rows(entity);
    const before = store.get(row.Id);
    store.put(row);
    return () => (before ? store.put(before) : store.forget(row.Id));
  }
}
