import type { Collection, Storage } from '../../kit/storage.ts';
import { buildEventSchema, type EntityField, type EventSchema } from './event-schema.ts';

export type Fields = (orgId: string, entity: string) => readonly EntityField[] | undefined;

/** The schemas of every org's change events: the present ones, and by id all that ever were. */
export class SchemaRegistry {
  readonly #fields: Fields;
  readonly #texts: Collection<string>;
  readonly #present = new Map<string, { signature: string; schema: EventSchema }>();

  constructor(storage: Storage, fields: Fields) {
    this.#fields = fields;
    this.#texts = storage.collection<string>('pubsub_schema');
  }

  /** The present schema of an entity's events; undefined when the org has no such entity. */
  of(orgId: string, entity: string): EventSchema | undefined {
    const fields = this.#fields(orgId, entity);
    if (!fields) return undefined;
    const key = `${orgId}/${entity}`;
    const signature = fields.map(({ name, type }) => `${name}:${type}`).join();
    let present = this.#present.get(key);
    if (present?.signature !== signature) {
      present = { signature, schema: buildEventSchema(entity, fields) };
      this.#present.set(key, present);
    }
    const { id, json } = present.schema;
    if (!this.#texts.get(`${orgId}/${id}`)) this.#texts.set(`${orgId}/${id}`, json);
    return present.schema;
  }

  /** The text of a schema that this org's events used at any time. */
  text(orgId: string, schemaId: string): string | undefined {
    return this.#texts.get(`${orgId}/${schemaId}`);
  }
}
