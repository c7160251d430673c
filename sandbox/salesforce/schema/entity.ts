import type { Field } from './field.ts';

/** One object's table: what its describe answer is generated from. */
export interface EntityTable {
  name: string;
  label: string;
  labelPlural: string;
  /** The first three characters of its ids. */
  keyPrefix: string;
  /** False for objects that the API may only read here (User). */
  writeable: boolean;
  fields: readonly Field[];
}

/** An object of an org, with its fields found as the vendor finds them: without regard to case. */
export class Entity {
  readonly name: string;
  readonly keyPrefix: string;
  readonly table: EntityTable;
  readonly fields: readonly Field[];
  readonly #byName = new Map<string, Field>();
  readonly #byRelationship = new Map<string, Field>();

  constructor(table: EntityTable) {
    this.table = table;
    this.name = table.name;
    this.keyPrefix = table.keyPrefix;
    this.fields = table.fields;
    for (const field of table.fields) {
      this.#byName.set(field.name.toLowerCase(), field);
      if (field.relationshipName) this.#byRelationship.set(field.relationshipName.toLowerCase(), field);
    }
  }

  field(name: string): Field | undefined {
    return this.#byName.get(name.toLowerCase());
  }

  /** The lookup behind a relationship name: `Account` on Contact gives the field AccountId. */
  relationship(name: string): Field | undefined {
    return this.#byRelationship.get(name.toLowerCase());
  }
}
