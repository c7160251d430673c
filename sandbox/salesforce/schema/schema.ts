import { Entity, type EntityTable } from './entity.ts';
import type { Field } from './field.ts';

export interface ChildRelationship {
  child: Entity;
  field: Field;
}

/** All objects of an org. */
export class Schema {
  readonly entities: readonly Entity[];
  readonly #byName = new Map<string, Entity>();
  readonly #byPrefix = new Map<string, Entity>();
  readonly #children = new Map<string, ChildRelationship[]>();

  constructor(tables: readonly EntityTable[]) {
    this.entities = tables.map((table) => new Entity(table));
    for (const entity of this.entities) {
      this.#byName.set(entity.name.toLowerCase(), entity);
      this.#byPrefix.set(entity.keyPrefix, entity);
      for (const field of entity.fields) {
        for (const parent of field.referenceTo) {
          const known = this.#children.get(parent) ?? [];
          this.#children.set(parent, [...known, { child: entity, field }]);
        }
      }
    }
  }

  entity(name: string): Entity | undefined {
    return this.#byName.get(name.toLowerCase());
  }

  entityOfId(id: string): Entity | undefined {
    return this.#byPrefix.get(id.slice(0, 3));
  }

  /** Every lookup that points at this object. */
  children(parent: Entity): readonly ChildRelationship[] {
    return this.#children.get(parent.name) ?? [];
  }

  /** The lookup behind a child list's name: `Contacts` on Account. */
  childRelationship(parent: Entity, name: string): ChildRelationship | undefined {
    const wanted = name.toLowerCase();
    return this.children(parent).find(({ field }) => field.childRelationshipName?.toLowerCase() === wanted);
  }
}
