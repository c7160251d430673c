import type { Person } from '../../protocol/nouns.ts';
import type { Calls } from './calls.ts';
import { query } from './query.ts';

/** The org's active users; an owner is a user. */
export async function people(calls: Calls): Promise<Omit<Person, 'installationId'>[]> {
  const records = await query(calls, 'SELECT Id, Name, Email FROM User WHERE IsActive = true ORDER BY Id', {
    object: 'User',
    count: 1,
    purpose: { lane: 'background', what: 'people' },
  });
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');
  return records.map((one) => ({
    userId: one.Id,
    ownerId: one.Id,
    name: text(one['Name']),
    email: text(one['Email']),
  }));
}
