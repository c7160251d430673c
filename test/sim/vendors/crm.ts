import type { VendorFields, VendorValue } from '../../../protocol/fields.ts';
import type { Clock } from '../../../protocol/ports/clock.ts';
import type { SimField } from './field.ts';
import type { Flavour } from './flavour.ts';
import { Refusal } from './refusal.ts';
import type { Actor, FieldChange, RowChange, SimRow } from './row.ts';

/** One transaction at the vendor: its author, and whether the hub's app opened it. */
export interface Transaction {
  by: Actor;
  own: boolean;
  changes: RowChange[];
}

/** Adds to, or takes from, what is about to be saved, in the same transaction; see `automations`. */
export type BeforeSave = (
  row: SimRow | undefined,
  object: string,
  given: VendorFields,
  tx: Transaction,
) => VendorFields;

const versionsKept = 40;

/** One account of a vendor in memory: rows, what each kind of row may hold, and what became of them. */
export class SimCrm {
  readonly accountId: string;
  readonly flavour: Flavour;
  readonly clock: Clock;
  /** The vendor's clock is ahead of the world's by this. */
  skew_ms = 0;
  readonly schema = new Map<string, Map<string, SimField>>();
  readonly #rows = new Map<string, Map<string, SimRow>>();
  readonly beforeSave: BeforeSave[] = [];
  readonly #listeners: ((changes: readonly RowChange[]) => void)[] = [];
  #count = 0;

  constructor(accountId: string, flavour: Flavour, clock: Clock) {
    this.accountId = accountId;
    this.flavour = flavour;
    this.clock = clock;
    for (const [object, fields] of Object.entries(flavour.schema)) {
      this.schema.set(object, new Map(fields.map((field) => [field.name, field])));
      this.#rows.set(object, new Map());
    }
  }

  /** By the vendor's clock. */
  now_ms(): number {
    return this.clock.now_ms() + this.skew_ms;
  }

  /** Told of every transaction that changed something. */
  onChange(listener: (changes: readonly RowChange[]) => void): void {
    this.#listeners.push(listener);
  }

  row(object: string, id: string): SimRow | undefined {
    return this.#rows.get(object)?.get(id);
  }

  /** All rows of an object in the order of their making, archived ones too. */
  rows(object: string): SimRow[] {
    return [...(this.#rows.get(object)?.values() ?? [])];
  }

  fieldsOf(object: string): SimField[] {
    return [...(this.schema.get(object)?.values() ?? [])];
  }

  /** One transaction. What `work` throws undoes nothing: each row is taken or refused by itself. */
  transact<T>(by: Actor, work: (tx: Transaction) => T, own = by.kind === 'rapport'): T {
    const tx: Transaction = { by, own, changes: [] };
    const result = work(tx);
    if (tx.changes.length > 0) for (const listener of this.#listeners) listener(tx.changes);
    return result;
  }

  /** Saves a row, a new one without an id. Throws Refusal. */
  save(tx: Transaction, object: string, id: string | null, given: VendorFields): SimRow {
    const known = id === null ? undefined : this.row(object, id);
    if (id !== null && (!known || known.archived)) throw new Refusal('NOT_FOUND', `${object} ${id} is not there`);
    const asked = this.beforeSave.reduce((fields, hook) => hook(known, object, fields, tx), given);
    const kept = this.#check(object, known, asked);
    const row = known ?? this.#create(object, tx.by);
    const changed = Object.entries(kept).filter(([name, value]) => !same(row.fields[name] ?? null, value));
    this.#apply(row, changed, tx);
    const silent = changed.every(([name]) => this.flavour.isSilent(this.#field(object, name)));
    const stamped = !known || (changed.length > 0 ? !silent : this.flavour.stampsEveryWrite);
    this.#note(row, tx, stamped);
    if (!known || changed.length > 0)
      this.#tell(
        tx,
        row,
        known ? 'updated' : 'created',
        Object.fromEntries(changed.map(([name]) => [name, row.fields[name] ?? null])),
      );
    return row;
  }

  archive(tx: Transaction, object: string, id: string): void {
    const row = this.row(object, id);
    if (!row || row.archived) return;
    row.archived = true;
    this.#note(row, tx, true);
    this.#tell(tx, row, 'deleted', {});
    if (this.flavour.cascades) for (const child of this.#childrenOf(row)) this.archive(tx, child.object, child.id);
  }

  /**
   * Two rows become one: at HubSpot a third one with the first's values and what only the second had, at Salesforce the first.
   * Answers its id. What pointed at them points at it, silently.
   */
  merge(tx: Transaction, object: string, first: string, second: string): string {
    const [one, other] = [this.row(object, first), this.row(object, second)];
    if (!one || !other || one.archived || other.archived) throw new Refusal('NOT_FOUND', `${object} is not there`);
    const survivor = this.flavour.mergesIntoNew ? this.#create(object, tx.by) : one;
    const ended = survivor === one ? [other] : [one, other];
    const all = ended.flatMap((row) => [...row.mergedFrom, row.id]);
    for (const id of all) {
      const row = this.row(object, id) as SimRow;
      row.archived = true;
      row.mergedInto = survivor.id;
      this.#note(row, tx, true);
    }
    if (survivor !== one) {
      survivor.mergedFrom = all;
      this.#apply(survivor, Object.entries({ ...other.fields, ...one.fields }), tx);
    }
    this.#turn(object, new Set(all), survivor.id, tx);
    this.#note(survivor, tx, true);
    this.#tell(tx, other, 'deleted', {});
    this.#tell(tx, survivor, 'updated', {});
    return survivor.id;
  }

  #turn(to: string, from: ReadonlySet<string>, into: string, tx: Transaction): void {
    const one = (id: string): string => (from.has(id) ? into : id);
    for (const [object, fields] of this.schema)
      for (const field of [...fields.values()].filter((each) => each.to === to))
        for (const row of this.rows(object)) {
          const value = row.fields[field.name];
          const ids = [value ?? []].flat() as string[];
          if (!ids.some((id) => from.has(id))) continue;
          row.fields[field.name] = typeof value === 'string' ? one(value) : [...new Set(ids.map(one))].sort();
          this.#note(row, tx, false);
        }
  }

  restore(tx: Transaction, object: string, id: string): void {
    const row = this.row(object, id);
    if (!row?.archived) return;
    for (const field of this.fieldsOf(object))
      if (field.unique && this.#holder(object, field, row.fields[field.name] ?? null, row)) return;
    row.archived = false;
    this.#note(row, tx, true);
    this.#tell(tx, row, 'restored', row.fields);
  }

  /** A value as it is shown: what is archived is associated with nothing. */
  shown(field: SimField, kept: VendorValue): VendorValue {
    const { to } = field;
    if (to === null || kept === null) return this.flavour.show(field, kept);
    const live = (id: string): boolean => this.row(to, id)?.archived === false;
    if (field.type === 'set') return this.flavour.show(field, (kept as readonly string[]).filter(live));
    return live(String(kept)) ? kept : null;
  }

  /** What a read of a row shows under a name. */
  shownIn(row: SimRow, name: string): VendorValue {
    const field = this.schema.get(row.object)?.get(name);
    return field ? this.shown(field, row.fields[name] ?? null) : null;
  }

  #childrenOf(parent: SimRow): SimRow[] {
    return [...this.schema].flatMap(([object, fields]) =>
      [...fields.values()]
        .filter((field) => field.type === 'reference' && field.to === parent.object)
        .flatMap((field) => this.rows(object).filter((row) => row.fields[field.name] === parent.id)),
    );
  }

  #check(object: string, known: SimRow | undefined, given: VendorFields): Record<string, VendorValue> {
    const kept: Record<string, VendorValue> = {};
    for (const [name, sent] of Object.entries(given)) {
      const field = this.#field(object, name);
      if (field.readOnly) throw new Refusal('READ_ONLY_VALUE', `${name} is read only`, name);
      const value = this.flavour.keep(field, sent);
      this.#checkPeers(field, value, known);
      const holder = field.unique ? this.#holder(object, field, value, known) : undefined;
      if (holder) throw new Refusal('DUPLICATE_VALUE', `another ${object} has this ${name} already`, name, holder.id);
      kept[name] = value;
    }
    for (const field of this.fieldsOf(object)) {
      const value = field.name in kept ? kept[field.name] : (known?.fields[field.name] ?? null);
      if (field.required && value === null)
        throw new Refusal('REQUIRED_FIELD_MISSING', `Required fields are missing: [${field.name}]`, field.name);
    }
    return kept;
  }

  #field(object: string, name: string): SimField {
    const field = this.schema.get(object)?.get(name);
    if (field) return field;
    throw new Refusal('PROPERTY_DOESNT_EXIST', `${object} has no field ${name}`, name);
  }

  #checkPeers({ name, to }: SimField, value: VendorValue, known: SimRow | undefined): void {
    if (to === null || value === null) return;
    const before = new Set([known?.fields[name] ?? []].flat());
    const added = ([value] as (string | string[])[]).flat().filter((id) => !before.has(id));
    const missing = added.find((id) => this.row(to, id)?.archived !== false);
    if (missing !== undefined) throw new Refusal('INVALID_CROSS_REFERENCE_KEY', `${to} ${missing} is not there`, name);
  }

  /** Another live row with the value of a unique field. */
  #holder(object: string, { name }: SimField, value: VendorValue, known: SimRow | undefined): SimRow | undefined {
    if (value === null) return undefined;
    return this.rows(object).find((row) => row !== known && !row.archived && row.fields[name] === value);
  }

  #create(object: string, by: Actor): SimRow {
    this.#count += 1;
    const id = this.flavour.newId(object, this.#count);
    const createdAt_ms = this.clock.now_ms();
    const plain = { object, id, fields: {}, stamp_ms: 0, archived: false, history: [], versions: [] };
    const merged = { mergedInto: null, mergedFrom: [] };
    const row: SimRow = { ...plain, ...merged, author: by, createdBy: by, createdAt_ms };
    this.#rows.get(object)?.set(id, row);
    return row;
  }

  #apply(row: SimRow, changed: readonly (readonly [string, VendorValue])[], { by }: Transaction): void {
    const at_ms = this.clock.now_ms();
    for (const [name, value] of changed) {
      const change: FieldChange = { field: name, before: row.fields[name] ?? null, after: value, at_ms, by };
      row.history.push(change);
      if (value === null) delete row.fields[name];
      else row.fields[name] = value;
    }
  }

  /** Keeps how the row looks now, for reads that lag. */
  #note(row: SimRow, { by }: Transaction, stamped: boolean): void {
    if (stamped) {
      row.stamp_ms = Math.max(row.stamp_ms, this.flavour.stampOf(this.now_ms()));
      row.author = by;
    }
    const { fields, stamp_ms, archived, author } = row;
    row.versions.push({ at_ms: this.clock.now_ms(), fields: { ...fields }, stamp_ms, archived, author });
    if (row.versions.length > versionsKept) row.versions.shift();
  }

  #tell(tx: Transaction, { object, id }: SimRow, kind: RowChange['kind'], values: VendorFields): void {
    tx.changes.push({ object, id, kind, values, occurredAt_ms: this.now_ms(), by: tx.by, own: tx.own });
  }
}

function same(a: VendorValue, b: VendorValue): boolean {
  return Array.isArray(a) && Array.isArray(b) ? a.join() === b.join() : a === b;
}
