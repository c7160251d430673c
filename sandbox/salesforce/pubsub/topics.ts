import { eventName } from './event-schema.ts';
import type { SchemaRegistry } from './schema-registry.ts';

/** A channel of change events: one entity's, or all selected entities' together. */
export interface Topic {
  name: string;
  /** The entity of a single-entity channel. */
  entity: string | undefined;
}

/**
 * `/data/ChangeEvents`, `/data/AccountChangeEvent`, `/data/Thing__ChangeEvent` (Change Data Capture docs: subscription
 * channels). Undefined when the org has no such channel.
 */
export function findTopic(schemas: SchemaRegistry, orgId: string, name: string): Topic | undefined {
  if (name === '/data/ChangeEvents') return { name, entity: undefined };
  const base = /^\/data\/(\w+)ChangeEvent$/.exec(name)?.[1];
  if (!base) return undefined;
  const entity = base.endsWith('__') ? `${base}c` : base;
  if (!schemas.of(orgId, entity) || `/data/${eventName(entity)}` !== name) return undefined;
  return { name, entity };
}
