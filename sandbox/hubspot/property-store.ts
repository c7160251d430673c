import type { Collection, Storage } from '../kit/storage.ts';
import { isStage, pipelines, stageIds } from './pipelines.ts';
import type { ObjectType } from './object-types.ts';
import type { PortalStore } from './portal-store.ts';
import type { PropertyDefinition } from './property-definition.ts';
import type { ExternalOptions } from './property-values.ts';
import { standardProperties } from './standard-properties.ts';

interface Stored {
  portalId: number;
  typeId: string;
  definition: PropertyDefinition;
}

/** The property definitions of every portal: HubSpot's own, and those that were created. */
export class PropertyStore {
  readonly #stored: Collection<Stored>;
  readonly #portals: PortalStore;
  readonly #byType = new Map<string, Map<string, PropertyDefinition>>();

  constructor(storage: Storage, portals: PortalStore) {
    this.#stored = storage.collection('property');
    this.#portals = portals;
  }

  /** All definitions of a kind by name, the archived ones too. */
  of(portalId: number, type: ObjectType): ReadonlyMap<string, PropertyDefinition> {
    return this.#load(portalId, type);
  }

  /** A definition that is not archived. */
  get(portalId: number, type: ObjectType, name: string): PropertyDefinition | undefined {
    const found = this.#load(portalId, type).get(name);
    return found?.archivedAt_ms === undefined ? found : undefined;
  }

  put(portalId: number, type: ObjectType, definition: PropertyDefinition): void {
    this.#load(portalId, type).set(definition.name, definition);
    const key = `${portalId}/${type.typeId}/${definition.name}`;
    this.#stored.set(key, { portalId, typeId: type.typeId, definition });
  }

  /** Names of the properties whose values are unique in a portal. */
  unique(portalId: number, type: ObjectType): string[] {
    return [...this.#load(portalId, type).values()].filter((one) => one.hasUniqueValue).map((one) => one.name);
  }

  /** The values of options that live outside the definition. `pipeline` narrows the stages to one pipeline's. */
  external(portalId: number, pipeline: string | undefined): ExternalOptions {
    return (definition) => {
      if (definition.name === 'hubspot_owner_id') return this.#portals.owners(portalId).map((owner) => owner.id);
      if (definition.name === 'pipeline') return pipelines.map((one) => one.id);
      if (isStage(definition.name)) return stageIds(pipeline);
      return undefined;
    };
  }

  /** After a reset of the storage. */
  forget(): void {
    this.#byType.clear();
  }

  #load(portalId: number, type: ObjectType): Map<string, PropertyDefinition> {
    const key = `${portalId}/${type.typeId}`;
    let found = this.#byType.get(key);
    if (!found) {
      found = new Map(standardProperties(type).map((one) => [one.name, one]));
      for (const stored of this.#stored.values()) {
        if (stored.portalId === portalId && stored.typeId === type.typeId)
          found.set(stored.definition.name, stored.definition);
      }
      this.#byType.set(key, found);
    }
    return found;
  }
}
