import type { Collection, Storage } from '../kit/storage.ts';
import type { ObjectType } from './object-types.ts';
import { groupOf } from './standard-properties.ts';

export interface PropertyGroup {
  portalId: number;
  typeId: string;
  name: string;
  label: string;
  displayOrder: number;
}

/** The groups that properties are sorted into: each kind of object has HubSpot's own one, and those that were created. */
export class PropertyGroupStore {
  readonly #stored: Collection<PropertyGroup>;

  constructor(storage: Storage) {
    this.#stored = storage.collection('property-group');
  }

  of(portalId: number, type: ObjectType): PropertyGroup[] {
    const name = groupOf(type);
    const own = { portalId, typeId: type.typeId, name, label: `${type.singular} information`, displayOrder: 0 };
    const created = [...this.#stored.values()];
    return [own, ...created.filter((one) => one.portalId === portalId && one.typeId === type.typeId)];
  }

  get(portalId: number, type: ObjectType, name: string): PropertyGroup | undefined {
    return this.of(portalId, type).find((one) => one.name === name);
  }

  put(group: PropertyGroup): void {
    this.#stored.set(`${group.portalId}/${group.typeId}/${group.name}`, group);
  }
}
