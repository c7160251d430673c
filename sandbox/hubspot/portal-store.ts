import type { Collection, Storage } from '../kit/storage.ts';
import { findType, researchType, standardTypes, type ObjectType } from './object-types.ts';
import type { Owner, Portal, Settings } from './portal.ts';

const defaults: Settings = { rateLimits: true, searchLag_ms: 500 };

/** The accounts, their people, and the stand-in's settings. */
export class PortalStore {
  readonly #portals: Collection<Portal>;
  readonly #owners: Collection<Owner>;
  readonly #settings: Collection<Settings>;
  readonly #types = new Map<number, readonly ObjectType[]>();

  constructor(storage: Storage) {
    this.#portals = storage.collection('portal');
    this.#owners = storage.collection('owner');
    this.#settings = storage.collection('settings');
  }

  get size(): number {
    return this.#portals.size;
  }

  get settings(): Settings {
    return this.#settings.get('all') ?? defaults;
  }

  change(settings: Partial<Settings>): void {
    this.#settings.set('all', { ...this.settings, ...settings });
  }

  get(portalId: number): Portal | undefined {
    return this.#portals.get(String(portalId));
  }

  all(): Portal[] {
    return [...this.#portals.values()];
  }

  put(portal: Portal): void {
    this.#portals.set(String(portal.portalId), portal);
    this.#types.delete(portal.portalId);
  }

  byPersonToken(token: string): Portal | undefined {
    return this.all().find((portal) => portal.personToken === token);
  }

  addOwner(owner: Owner): void {
    this.#owners.set(`${owner.portalId}/${owner.id}`, owner);
  }

  owners(portalId: number): Owner[] {
    return [...this.#owners.values()].filter((owner) => owner.portalId === portalId);
  }

  /** The kinds of object this portal has. */
  types(portalId: number): readonly ObjectType[] {
    let found = this.#types.get(portalId);
    if (!found) {
      const custom = this.get(portalId)?.customObject ? [researchType(portalId)] : [];
      found = [...standardTypes, ...custom];
      this.#types.set(portalId, found);
    }
    return found;
  }

  findType(portalId: number, named: string): ObjectType | undefined {
    return findType(this.types(portalId), named);
  }

  /** After a reset of the storage. */
  forget(): void {
    this.#types.clear();
  }
}
