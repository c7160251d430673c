import type { Clock } from '../kit/clock.ts';
import type { Actor } from './actor.ts';
import type { AssociationLabels } from './association-labels.ts';
import type { AssociationStore, End } from './association-store.ts';
import { associationRule, inverse, type AssociationLabel, type AssociationRule } from './association-types.ts';
import type { ChangeSink } from './change.ts';
import { notFound, validationError } from './errors.ts';
import type { ObjectType } from './object-types.ts';
import type { RecordStore } from './record-store.ts';

/** A pair of kinds of object, in the direction the caller names. */
export interface Pair {
  from: ObjectType;
  to: ObjectType;
}

interface Parts {
  clock: Clock;
  records: RecordStore;
  associations: AssociationStore;
  labels: AssociationLabels;
  publish: ChangeSink;
}

/** Makes and breaks associations, always both directions at once. One event per direction and label that changed. */
export class AssociationWriter {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** The rule of a pair of kinds; 400 where HubSpot has none. */
  rule(pair: Pair): AssociationRule {
    const rule = associationRule(pair.from, pair.to);
    if (!rule) throw validationError(`No association definition found between ${pair.from.name} and ${pair.to.name}`);
    return rule;
  }

  /** Checks labels a caller sent; none means the plain one. */
  check(portalId: number, pair: Pair, labels: readonly AssociationLabel[]): void {
    for (const label of labels) {
      if (this.knows(portalId, pair, label)) continue;
      const text = `${label.category} ${label.typeId}`;
      throw validationError(`invalid association type ${text} between ${pair.from.name} and ${pair.to.name}`);
    }
  }

  /** Whether a label may lie between these two kinds in this portal. */
  knows(portalId: number, pair: Pair, label: AssociationLabel): boolean {
    const rule = associationRule(pair.from, pair.to);
    const all = [rule?.plain, rule?.primary, ...this.#parts.labels.of(portalId, pair)];
    return all.some((one) => one?.typeId === label.typeId && one.category === label.category);
  }

  /** Fails with 404 where an end does not exist. */
  checkEnds(portalId: number, pair: Pair, from: string, to: string): void {
    for (const [type, id] of [
      [pair.from, from],
      [pair.to, to],
    ] as const) {
      const record = this.#parts.records.get(portalId, type.typeId, id);
      if (!record || record.archivedAt_ms !== undefined)
        throw notFound(`No ${type.singular} with ID ${id} exists`, { id: [id] });
    }
  }

  /** Adds labels; the plain one always comes with them. A primary company takes the mark from the one before. */
  add(actor: Actor, pair: Pair, from: string, to: string, labels: readonly AssociationLabel[]): void {
    const { plain, primary } = this.rule(pair);
    const wanted = [plain, ...labels.filter((label) => label.typeId !== plain.typeId)];
    if (primary && wanted.some((label) => label.typeId === primary.typeId))
      this.#demote(actor, pair, from, to, primary);
    const had = this.#labels(actor, pair, from, to);
    for (const label of wanted) {
      if (!had.some((one) => one.typeId === label.typeId)) this.#set(actor, pair, from, to, label, false);
    }
  }

  /**
   * Labels that a caller sends take the place of a portal's own labels that were there; what HubSpot defines (plain, primary)
   * stays (HubSpot docs, associations guide, update record association labels: to append, send the old ones too).
   */
  dropOtherLabels(actor: Actor, pair: Pair, from: string, to: string, kept: readonly AssociationLabel[]): void {
    for (const label of this.#labels(actor, pair, from, to)) {
      const own = this.#parts.labels.find(actor.portalId, label) !== undefined;
      if (own && !kept.some((one) => one.typeId === label.typeId)) this.#set(actor, pair, from, to, label, true);
    }
  }

  /** Gives a record that a merge made what an old one had; no event tells of it. */
  carry(actor: Actor, pair: Pair, from: string, to: string, labels: readonly AssociationLabel[]): void {
    const { associations } = this.#parts;
    const ends = [end(pair.from, from), end(pair.to, to)] as const;
    const all = [...associations.labels(actor.portalId, ...ends), ...labels];
    const each = all.filter((label, at) => all.findIndex((one) => one.typeId === label.typeId) === at);
    associations.put(actor.portalId, ...ends, each);
    const back = each.map((label) => this.#inverse(actor.portalId, label, pair));
    associations.put(actor.portalId, ends[1], ends[0], back);
  }

  /** Removes given labels, or all of a pair. */
  remove(actor: Actor, pair: Pair, from: string, to: string, only?: readonly AssociationLabel[]): void {
    const { plain } = this.rule(pair);
    const had = this.#labels(actor, pair, from, to);
    const all = !only || only.some((label) => label.typeId === plain.typeId);
    for (const label of had) {
      if (all || only.some((one) => one.typeId === label.typeId)) this.#set(actor, pair, from, to, label, true);
    }
  }

  #labels(actor: Actor, pair: Pair, from: string, to: string): readonly AssociationLabel[] {
    return this.#parts.associations.labels(actor.portalId, end(pair.from, from), end(pair.to, to));
  }

  /** A contact or deal has one primary company: looked up from whichever side is not the company. */
  #demote(actor: Actor, pair: Pair, from: string, to: string, primary: AssociationLabel): void {
    if (pair.from.name === 'companies') {
      const flipped = { from: pair.to, to: pair.from };
      this.#demote(actor, flipped, to, from, inverse(primary, pair.from, pair.to));
      return;
    }
    for (const [peer, labels] of this.#parts.associations.peers(actor.portalId, end(pair.from, from), pair.to.typeId)) {
      const marked = labels.some((label) => label.typeId === primary.typeId);
      if (marked && peer !== to) this.#set(actor, pair, from, peer, primary, true);
    }
  }

  #inverse(portalId: number, label: AssociationLabel, pair: Pair): AssociationLabel {
    const own = this.#parts.labels.find(portalId, label);
    return own ? { category: own.category, typeId: own.inverseTypeId } : inverse(label, pair.from, pair.to);
  }

  #set(actor: Actor, pair: Pair, from: string, to: string, label: AssociationLabel, removed: boolean): void {
    this.#half(actor, pair, from, to, label, removed);
    const flipped = { from: pair.to, to: pair.from };
    this.#half(actor, flipped, to, from, this.#inverse(actor.portalId, label, pair), removed);
  }

  #half(actor: Actor, pair: Pair, from: string, to: string, label: AssociationLabel, removed: boolean): void {
    const { associations, clock, publish } = this.#parts;
    const ends = [end(pair.from, from), end(pair.to, to)] as const;
    const others = associations.labels(actor.portalId, ...ends).filter((one) => one.typeId !== label.typeId);
    const { category, typeId } = label;
    associations.put(actor.portalId, ...ends, removed ? others : [...others, { category, typeId }]);
    publish({
      kind: 'associationChange',
      portalId: actor.portalId,
      at_ms: clock.now_ms(),
      source: actor.source,
      type: pair.from,
      toType: pair.to,
      from: ends[0],
      to: ends[1],
      label,
      primary: associationRule(pair.from, pair.to)?.primary?.typeId === label.typeId,
      removed,
    });
  }
}

function end(type: ObjectType, id: string): End {
  return { typeId: type.typeId, id };
}
