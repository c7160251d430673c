import assert from 'node:assert/strict';
import { deriveWrite } from '../../../../hub/sync/derive-write.ts';
import { reconcile, type LostValue } from '../../../../hub/sync/reconcile.ts';
import { sameValue, type Fields, type Value } from '../../../../protocol/fields.ts';
import type { FieldStamp, Vendor } from '../../../../protocol/nouns.ts';
import { members, order, sides, type ModelField, type Schema, type Step } from './model-script.ts';
import { changedSet, defaultValue, emptyRow, newAccount, type Account, type Edit } from './model-account.ts';
import { person, rapport } from './planner-input.ts';

/** Two CRMs and a hub in a few lines: the planner is real, vendor calls and storing are assignments. */
export class World {
  readonly schema: Schema;
  readonly accounts: Record<Vendor, Account>;
  canonical: Record<string, Value> = {};
  readonly stamps: Record<string, FieldStamp> = {};
  now_ms = 1_700_000_000_000;
  readonly edits: Edit[] = [];
  /** Every value that was canonical once, by field. */
  readonly history = new Map<string, Value[]>();
  readonly conflicts: LostValue[] = [];
  /** Every state of the group that an author left or saw. */
  readonly groups: string[] = [];
  readonly refusals = new Set<string>();
  writes = 0;
  #drawn = 0;

  constructor(schema: Schema) {
    this.schema = schema;
    this.accounts = { hubspot: newAccount(schema, this.now_ms), salesforce: newAccount(schema, this.now_ms) };
    this.#remember();
    this.#snapshot(this.canonical);
    if (schema.start === 'created') this.accounts.salesforce.row = null;
    for (const side of schema.start === 'agreed' ? sides : []) this.observe(side, true, undefined);
  }

  take(step: Step): void {
    this.now_ms += step.wait_ms;
    if (step.do === 'edit') this.edit(step.side, this.#field(step.field), step.draw);
    if (step.do === 'hub edit') this.hubEdit(this.#field(step.field), step.draw);
    if (step.do === 'observe')
      this.observe(step.side, step.events, step.torn === undefined ? undefined : this.#field(step.torn).name);
    if (step.do === 'send') this.send(step.side);
    if (step.do === 'land') {
      this.send(step.side);
      this.land(step.side, (index) => ((step.refused >> index) & 1) === 1);
    }
  }

  edit(side: Vendor, field: ModelField, draw: number): void {
    const account = this.accounts[side];
    if (account.row === null || field.only[side] === 'out') return;
    const before = account.row[field.name] ?? null;
    const value = this.#draw(field, draw, before, account.base);
    if (sameValue(value, before)) return;
    account.row[field.name] = value;
    account.stamp_ms = this.now_ms;
    account.events.push({ field: field.name, value, at_ms: this.now_ms, author: person });
    this.#edited(side, field, value, before);
    this.#snapshot(account.row);
  }

  hubEdit(field: ModelField, draw: number): void {
    const before = this.canonical[field.name] ?? null;
    const value = this.#draw(field, draw, before, null);
    if (sameValue(value, before)) return;
    // Who sets a field of a group states the whole group.
    for (const { name, group } of this.schema.fields)
      if (name === field.name || (group !== null && group === field.group)) {
        this.canonical[name] = name === field.name ? value : (this.canonical[name] ?? null);
        this.stamps[name] = { at_ms: this.now_ms, side: 'hub' };
      }
    this.#edited('hub', field, value, before);
    this.#remember();
    this.#snapshot(this.canonical);
  }

  /** Reads a row and reconciles it. True when anything came of it. */
  observe(side: Vendor, events: boolean, torn: string | undefined): boolean {
    const account = this.accounts[side];
    if (account.row === null || account.inFlight !== null) return false;
    const rules = this.#rules(side, 'in');
    // The first reading is whole: a field that it lacks counts as one that this account never shows.
    // So is that of a write that was not taken: unseen, the vendor's answer is believed.
    const isTaken = Object.entries(account.sent ?? {}).every(([name, value]) =>
      sameValue(value, account.row?.[name] ?? null),
    );
    const isTorn = (name: string): boolean => name === torn && account.base !== null && isTaken;
    // That of a row we created knows its events: later ones cannot tell our defaults.
    const isFirst = account.created && account.base === null;
    const readable = rules.filter((rule) => !rule.hidden.includes(side) && !isTorn(rule.name));
    const observed = Object.fromEntries(readable.map(({ name }) => [name, account.row?.[name] ?? null]));
    const input = {
      side,
      rules,
      installationId: side,
      canonical: { ...this.canonical },
      stamps: { ...this.stamps },
      base: account.base,
      sent: account.sent,
      defaulted: new Set(isFirst ? ['first'] : []),
      observed,
      observedAt_ms: account.stamp_ms,
      previousAt_ms: account.previousAt_ms,
      author: person,
      evidence: events || isFirst ? account.events.splice(0) : [],
    };
    const planned = reconcile(input);
    for (const change of planned.changes) {
      assert.ok(observed[change.field] !== undefined, `${change.field} was not read and changed`);
      this.canonical[change.field] = change.after;
      this.stamps[change.field] = { at_ms: change.at_ms, side, installationId: side };
    }
    this.conflicts.push(...planned.conflicts);
    for (const [field, value] of account.refused)
      if (observed[field] !== undefined && !sameValue(this.canonical[field] ?? null, value))
        account.refused.delete(field);
    for (const field of planned.refused) {
      account.refused.set(field, account.sent?.[field] ?? null);
      this.refusals.add(field);
    }
    for (const name of Object.keys(observed)) account.shown.add(name);
    account.base = planned.base;
    account.previousAt_ms = account.stamp_ms;
    account.sent = null;
    this.#remember();

    const again = { canonical: { ...this.canonical }, stamps: { ...this.stamps }, base: planned.base, sent: null };
    const repeated = reconcile({
      ...input,
      ...again,
      previousAt_ms: account.stamp_ms,
      defaulted: new Set(),
      evidence: [],
    });
    const isQuiet = repeated.changes.length + repeated.conflicts.length + repeated.refused.length === 0;
    const keepsBase = Object.entries(repeated.base).every(([name, value]) =>
      sameValue(value, planned.base[name] ?? null),
    );
    assert.ok(isQuiet && keepsBase, 'I7: the same observation twice gives nothing');
    return planned.changes.length + planned.conflicts.length + planned.refused.length > 0;
  }

  /** Derives a write, if one is due and none is open. */
  send(side: Vendor): boolean {
    const account = this.accounts[side];
    const isStranger = account.row !== null && account.base === null;
    if (isStranger || account.inFlight !== null || account.sent !== null) return false;
    const rules = this.#rules(side, 'out');
    const derived = deriveWrite({ rules, canonical: this.canonical, base: account.base, refused: account.refused });
    const names = Object.keys(derived);
    for (const name of account.base === null ? [] : names) {
      const rule = rules.find((one) => one.name === name);
      assert.ok(rule && rule.rule !== 'off', `I14: ${name} must not be written`);
      assert.ok(account.shown.has(name) || rule.rule === 'hub', `I14: ${name} was never shown there and is written`);
    }
    // What the account's description does not offer is left out, as the mapper does.
    const sent = names.filter((name) => !rules.find((rule) => rule.name === name)?.hidden.includes(side));
    if (sent.length === 0 && account.row !== null) return false;
    account.inFlight = Object.fromEntries(sent.map((name) => [name, derived[name] as Value]));
    return true;
  }

  /** What is in flight reaches the vendor, which answers with success. */
  land(side: Vendor, refuses: (field: number) => boolean): void {
    const account = this.accounts[side];
    if (account.inFlight === null) return;
    if (account.row === null) {
      account.row = emptyRow(this.schema);
      if (account.inFlight['first'] === undefined && this.schema.fields[0]?.type === 'text')
        account.row['first'] = defaultValue;
      account.created = true;
      for (const name of Object.keys(account.inFlight)) account.shown.add(name);
    }
    for (const [index, { name, type }] of this.schema.fields.entries()) {
      const value = account.inFlight[name];
      if (value === undefined || refuses(index)) continue;
      account.row[name] = type === 'references' ? changedSet(account.row[name], account.base?.[name], value) : value;
      account.events.push({ field: name, value, at_ms: this.now_ms, author: rapport });
    }
    account.stamp_ms = this.now_ms;
    account.sent = account.inFlight;
    account.inFlight = null;
    this.writes += 1;
    const { row, sent } = account;
    if (this.#group.some(({ name }) => sent[name] !== undefined && row[name] !== sent[name])) this.#restated(side, row);
  }

  /** One full cycle without faults. True when it did anything. */
  round(): boolean {
    let busy = false;
    for (const side of sides) {
      this.now_ms += 10;
      this.land(side, () => false);
      busy = this.observe(side, true, undefined) || busy;
      if (this.send(side)) {
        busy = true;
        this.land(side, () => false);
        this.observe(side, true, undefined);
      }
    }
    return busy;
  }

  #rules(side: Vendor, way: 'in' | 'out'): ModelField[] {
    return this.schema.fields.filter(({ only }) => only[side] === undefined || only[side] === way);
  }

  #field(index: number): ModelField {
    return this.schema.fields[index] as ModelField;
  }

  #draw(field: ModelField, draw: number, before: Value, base: Fields | null): Value {
    if (field.type === 'references') {
      const member = members[draw % members.length] as string;
      const set = (before ?? []) as readonly string[];
      return set.includes(member) ? set.filter((one) => one !== member) : [...set, member].sort();
    }
    if (draw % 4 === 3) return null;
    if (field.type === 'option') return order[(draw >> 2) % order.length] as string;
    // Back to what was agreed, as a person does who undoes an edit.
    const agreed = base?.[field.name];
    if (draw % 8 === 6 && agreed !== undefined && agreed !== defaultValue) return agreed;
    this.#drawn += 1;
    return `e${String(this.#drawn).padStart(4, '0')}`;
  }

  #edited(side: Edit['side'], field: ModelField, value: Value, before: Value): void {
    for (const edit of this.edits) if (edit.side === side && edit.field === field.name) edit.replaced = true;
    if (field.group !== null) this.#restated(side, side === 'hub' ? this.canonical : (this.accounts[side].row ?? {}));
    if (field.type !== 'references') this.edits.push({ side, field: field.name, value, replaced: false });
    else {
      const [now, then] = [(value ?? []) as readonly string[], (before ?? []) as readonly string[]];
      const member = members.find((one) => now.includes(one) !== then.includes(one)) as string;
      this.edits.push({
        side,
        field: field.name,
        value: now.includes(member) ? [member] : [`-${member}`],
        replaced: false,
      });
    }
  }

  /** Who edits a field of a group, or takes half of our write, states the rest of the group as it shows. */
  #restated(side: Edit['side'], shown: Fields): void {
    for (const edit of this.edits)
      if (edit.side === side && this.#group.some(({ name }) => name === edit.field))
        edit.replaced ||= !sameValue(shown[edit.field] ?? null, edit.value);
    this.#snapshot(shown);
  }

  get #group(): ModelField[] {
    return this.schema.fields.filter((field) => field.group !== null);
  }

  #remember(): void {
    for (const { name } of this.schema.fields) {
      const past = this.history.get(name) ?? [];
      const value = this.canonical[name] ?? null;
      if (past.length === 0 || !sameValue(past.at(-1) as Value, value)) this.history.set(name, [...past, value]);
    }
  }

  #snapshot(fields: Fields): void {
    this.groups.push(groupIn(fields));
  }
}

export const groupIn = (fields: Fields): string => JSON.stringify([fields['left'] ?? null, fields['right'] ?? null]);
