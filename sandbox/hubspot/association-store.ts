import type { Collection, Storage } from '../kit/storage.ts';
import type { AssociationLabel } from './association-types.ts';

interface Stored {
  portalId: number;
  fromType: string;
  from: string;
  toType: string;
  to: string;
  labels: AssociationLabel[];
}

/** One end of a pair of records. */
export interface End {
  typeId: string;
  id: string;
}

/** Who is associated with whom, one entry per direction. Rules live in the writer; this only keeps and finds. */
export class AssociationStore {
  readonly #stored: Collection<Stored>;
  /** portal/fromType/from/toType -> to -> labels */
  readonly #byFrom = new Map<string, Map<string, AssociationLabel[]>>();

  constructor(storage: Storage) {
    this.#stored = storage.collection('association');
  }

  rebuild(): void {
    this.#byFrom.clear();
    for (const one of this.#stored.values()) {
      this.#peers(one.portalId, { typeId: one.fromType, id: one.from }, one.toType).set(one.to, one.labels);
    }
  }

  labels(portalId: number, from: End, to: End): readonly AssociationLabel[] {
    return this.#byFrom.get(name(portalId, from, to.typeId))?.get(to.id) ?? [];
  }

  /** Peers of one kind, in order of id. */
  peers(portalId: number, from: End, toType: string): [id: string, labels: readonly AssociationLabel[]][] {
    const found = this.#byFrom.get(name(portalId, from, toType));
    return found ? [...found].sort(([a], [b]) => Number(a) - Number(b)) : [];
  }

  /** Replaces the labels of one direction; none removes the pair. */
  put(portalId: number, from: End, to: End, labels: AssociationLabel[]): void {
    const peers = this.#peers(portalId, from, to.typeId);
    const key = `${name(portalId, from, to.typeId)}/${to.id}`;
    if (labels.length === 0) {
      peers.delete(to.id);
      this.#stored.delete(key);
    } else {
      peers.set(to.id, labels);
      this.#stored.set(key, { portalId, fromType: from.typeId, from: from.id, toType: to.typeId, to: to.id, labels });
    }
  }

  #peers(portalId: number, from: End, toType: string): Map<string, AssociationLabel[]> {
    const at = name(portalId, from, toType);
    let peers = this.#byFrom.get(at);
    if (!peers) {
      peers = new Map();
      this.#byFrom.set(at, peers);
    }
    return peers;
  }
}

function name(portalId: number, from: End, toType: string): string {
  return `${portalId}/${from.typeId}/${from.id}/${toType}`;
}
