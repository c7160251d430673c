import type { Org } from '../org/org.ts';
import { readValue } from '../org/read-value.ts';
import type { Row } from '../org/row-store.ts';
import type { Entity } from '../schema/entity.ts';
import type { Field } from '../schema/field.ts';
import { malformedQuery, noSuchColumn, noSuchRelationship } from './query-error.ts';

/** `Account.Owner.Email` from a row of Opportunity: the lookups to follow, then the field. */
export interface FieldPath {
  steps: readonly Field[];
  field: Field;
}

/** Where names are looked up: the statement (for error texts), the object it reads and the alias it gave it. */
export interface Scope {
  org: Org;
  soql: string;
  entity: Entity;
  alias: string | undefined;
}

const maxSteps = 5;

/** Resolves a dotted name; INVALID_FIELD for a name the org has not. Source: SOQL reference, relationship queries. */
export function resolvePath(scope: Scope, name: string): FieldPath {
  const parts = name.split('.');
  const head = parts[0]?.toLowerCase();
  const ownName = head === scope.alias?.toLowerCase() || head === scope.entity.name.toLowerCase();
  if (parts.length > 1 && ownName && !scope.entity.relationship(head ?? '')) parts.shift();
  const last = parts.pop() ?? '';
  if (parts.length > maxSteps) throw malformedQuery(`relationship path ${name} is longer than ${maxSteps} levels`);

  let entity = scope.entity;
  const steps: Field[] = [];
  for (const part of parts) {
    const step = entity.relationship(part);
    const next = step && scope.org.schema.entity(step.referenceTo[0] ?? '');
    if (!step || !next) throw noSuchRelationship(scope.soql, part);
    steps.push(step);
    entity = next;
  }
  const field = entity.field(last);
  // A lookup at several objects is read through the Name object, which has little more than a name.
  const polymorphic = (steps.at(-1)?.referenceTo.length ?? 1) > 1;
  if (!field || (polymorphic && !['Id', 'Name'].includes(field.name))) {
    throw noSuchColumn(scope.soql, last, polymorphic ? 'Name' : entity.name);
  }
  return { steps, field };
}

/** The row at the end of the lookups, or undefined where one is empty. */
export function follow(org: Org, row: Row, steps: readonly Field[]): Row | undefined {
  let at: Row | undefined = row;
  for (const step of steps) {
    const id: unknown = at[step.name];
    at = typeof id === 'string' ? org.row(id) : undefined;
    if (!at) return undefined;
  }
  return at;
}

/** The value at a path; null where a lookup on the way is empty. */
export function valueAt(org: Org, row: Row, { steps, field }: FieldPath): unknown {
  const at = follow(org, row, steps);
  return at ? readValue(at, field) : null;
}
