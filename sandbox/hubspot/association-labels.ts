import type { Collection, Storage } from '../kit/storage.ts';
import type { AssociationLabel } from './association-types.ts';
import { validationError } from './errors.ts';
import type { ObjectType } from './object-types.ts';

/** One direction of a label that a portal defined, e.g. "Decision Maker" of a deal's contact. */
export interface UserLabel extends AssociationLabel {
  portalId: number;
  category: 'USER_DEFINED';
  fromType: string;
  toType: string;
  label: string;
  /** Internal name, one for both directions. */
  name: string;
  /** The same label from the other end. */
  inverseTypeId: number;
}

interface Ends {
  from: ObjectType;
  to: ObjectType;
}

/** HubSpot docs, configure associations: labels are for these and for custom objects; each pair has at most 50. */
const labelled = new Set(['contacts', 'companies', 'deals']);
const mostLabels = 50;

/** The labels that portals defined for pairs of kinds of object. HubSpot's own types stand in `association-types.ts`. */
export class AssociationLabels {
  readonly #stored: Collection<UserLabel>;
  readonly #storage: Storage;

  constructor(storage: Storage) {
    this.#storage = storage;
    this.#stored = storage.collection('association-label');
  }

  of(portalId: number, { from, to }: Ends): UserLabel[] {
    return [...this.#stored.values()].filter(
      (one) => one.portalId === portalId && one.fromType === from.typeId && one.toType === to.typeId,
    );
  }

  find(portalId: number, label: AssociationLabel): UserLabel | undefined {
    return label.category === 'USER_DEFINED' ? this.#stored.get(key(portalId, label.typeId)) : undefined;
  }

  /** Both directions of a new label, the given one first. 400 for a name that is taken or not allowed. */
  create(
    portalId: number,
    pair: Ends,
    given: { label: string; inverseLabel?: string | undefined; name: string },
  ): UserLabel[] {
    const { label, inverseLabel = label, name } = given;
    for (const type of [pair.from, pair.to]) {
      if (!type.custom && !labelled.has(type.name))
        throw validationError(`Association labels are not supported for ${type.name}`);
    }
    if (!/^[a-z_]\w*$/i.test(name))
      throw validationError(`Invalid association name ${name}: no hyphens, and no digit first`);
    const there = this.of(portalId, pair);
    if (there.length >= mostLabels) throw validationError(`At most ${mostLabels} labels between two objects`);
    if (there.some((one) => one.name === name || one.label === label))
      throw validationError(`A label ${label} or name ${name} already exists between these objects`);
    const [typeId, inverseTypeId] = [this.#nextId(portalId), this.#nextId(portalId)];
    const both: UserLabel[] = [
      half(portalId, pair, { label, name, typeId, inverseTypeId }),
      half(
        portalId,
        { from: pair.to, to: pair.from },
        { label: inverseLabel, name, typeId: inverseTypeId, inverseTypeId: typeId },
      ),
    ];
    for (const one of both) this.#stored.set(key(portalId, one.typeId), one);
    return both;
  }

  rename(one: UserLabel, label: string): void {
    this.#stored.set(key(one.portalId, one.typeId), { ...one, label });
  }

  /** Removes both directions. */
  remove(one: UserLabel): void {
    for (const typeId of [one.typeId, one.inverseTypeId]) this.#stored.delete(key(one.portalId, typeId));
  }

  #nextId(portalId: number): number {
    return 100 + this.#storage.next(`association-label/${portalId}`);
  }
}

function half(
  portalId: number,
  { from, to }: Ends,
  rest: Pick<UserLabel, 'label' | 'name' | 'typeId' | 'inverseTypeId'>,
): UserLabel {
  return { portalId, category: 'USER_DEFINED', fromType: from.typeId, toType: to.typeId, ...rest };
}

function key(portalId: number, typeId: number): string {
  return `${portalId}/${typeId}`;
}
