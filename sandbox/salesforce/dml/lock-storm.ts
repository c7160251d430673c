import { z } from 'zod';
import type { Faults } from '../../kit/faults.ts';
import { ApiError } from '../api-error.ts';
import type { Transaction } from '../org/transaction.ts';
import type { Entity } from '../schema/entity.ts';

const stormSchema = z.strictObject({ held_ms: z.number().positive() });

/** Who locked a parent, and until when. */
const locks = new WeakMap<Faults, Map<string, { by: Transaction; until_ms: number }>>();

/**
 * The fault `api.lock_storm`: a write locks the row's parents for longer than it lasts, as on an org where much is written at
 * once. Rows of one request share their parents' locks; another request's row with the same parent is refused.
 * Source: Record Locking Cheat Sheet: inserting or updating a child locks its parent; group children by parent.
 */
export function refuseStormed(tx: Transaction, entity: Entity, row: Readonly<Record<string, unknown>>): void {
  const facts = { org: tx.org.orgId, entity: entity.name };
  const armed = tx.faults
    .list()
    .find(
      ({ name, match }) =>
        name === 'api.lock_storm' &&
        Object.entries(match).every(([key, value]) => facts[key as keyof typeof facts] === value),
    );
  if (!armed) return;
  const { held_ms } = stormSchema.parse(armed.params);
  const held = locks.get(tx.faults) ?? new Map<string, { by: Transaction; until_ms: number }>();
  locks.set(tx.faults, held);
  const parents = entity.fields
    .filter((field) => field.type === 'reference' && !field.referenceTo.includes('User'))
    .flatMap((field) => (typeof row[field.name] === 'string' ? [String(row[field.name])] : []));
  const locked = parents.find((id) => {
    const lock = held.get(id);
    return lock !== undefined && lock.by !== tx && lock.until_ms > tx.now_ms;
  });
  if (locked !== undefined) {
    tx.faults.take('api.lock_storm', facts);
    const message = `unable to obtain exclusive access to this record or 1 records: ${locked}`;
    throw new ApiError(400, 'UNABLE_TO_LOCK_ROW', message, []);
  }
  for (const id of parents) held.set(id, { by: tx, until_ms: tx.now_ms + held_ms });
}
