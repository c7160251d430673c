import { randomUUID } from 'node:crypto';
import type { Faults } from '../../kit/faults.ts';
import type { RowChange } from '../row-change.ts';
import { encodeEvent } from './encode-event.ts';
import type { EventLog } from './event-log.ts';
import { gap, mergeChanges, overflow, type MergedChange } from './merge-changes.ts';
import type { SchemaRegistry } from './schema-registry.ts';

/** Larger events become gap events (Change Data Capture docs: gap events). */
const maxPayload_bytes = 1_000_000;

/** Turns committed transactions into logged change events. */
export class Publisher {
  readonly #log: EventLog;
  readonly #schemas: SchemaRegistry;
  readonly #faults: Faults;
  readonly #selected: ReadonlySet<string>;

  constructor(ports: { log: EventLog; schemas: SchemaRegistry; faults: Faults; selected: ReadonlySet<string> }) {
    this.#log = ports.log;
    this.#schemas = ports.schemas;
    this.#faults = ports.faults;
    this.#selected = ports.selected;
  }

  /** Appends the transaction's events; the orgs that have new ones. */
  publish(transaction: readonly RowChange[]): Set<string> {
    const orgs = new Set<string>();
    const chosen = transaction.filter((change) => this.#selected.has(change.entity));
    const commitNumber = this.#log.nextPosition();
    const overflowed = new Set<string>();
    for (const merged of mergeChanges(chosen)) {
      const entity = `${merged.orgId}/${merged.entity}`;
      const facts = this.#factsOf(merged);
      if (overflowed.has(entity) || this.#faults.take('event.drop', facts)) continue;
      let change = merged;
      if (this.#faults.take('event.overflow', facts)) {
        overflowed.add(entity);
        change = overflow(merged);
      } else if (this.#faults.take('event.gap', facts)) change = gap(merged);
      this.#append(change, commitNumber);
      orgs.add(merged.orgId);
    }
    return orgs;
  }

  #append(change: MergedChange, commitNumber: bigint): void {
    const { orgId, entity } = change;
    const schema = this.#schemas.of(orgId, entity);
    if (!schema) throw new TypeError(`Org ${orgId} has no entity ${entity}, yet a change of it was published.`);
    const asDiff = this.#faults.take('event.diff', this.#factsOf(change)) !== undefined;
    const whole = encodeEvent(schema, change, commitNumber, { asDiff });
    const payload = whole.length > maxPayload_bytes ? encodeEvent(schema, gap(change), commitNumber) : whole;
    const position = this.#log.nextPosition();
    this.#log.append({ position, orgId, entity, eventId: randomUUID(), schemaId: schema.id, payload });
  }

  #factsOf({ orgId, entity, changeType, recordIds }: MergedChange): Record<string, string> {
    return { orgId, entity, changeType, recordId: recordIds[0] ?? '' };
  }
}
