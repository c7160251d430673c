import { z } from 'zod';
import type { Purpose } from '../../protocol/purpose.ts';
import type { Person } from '../../protocol/nouns.ts';
import type { Calls } from './calls.ts';
import { whereGranted } from './errors.ts';
import { path } from './version.ts';

/** `PublicOwner` of HubSpot's OpenAPI file for owners. */
const ownersAnswer = z.looseObject({
  results: z.array(
    z.looseObject({
      id: z.string(),
      userId: z.int().transform(String).optional(),
      email: z.string().optional(),
      firstName: z.string().optional(),
      lastName: z.string().optional(),
      type: z.string().optional(),
    }),
  ),
  paging: z.looseObject({ next: z.looseObject({ after: z.string() }).optional() }).optional(),
});

const purpose: Purpose = { lane: 'background', what: 'people' };

/**
 * The portal's owners that are people; none where the grant does not show them: they are then called by their ids. Records
 * name the owner id, events and cards the user id.
 */
export function people(calls: Calls): Promise<Omit<Person, 'installationId'>[]> {
  return whereGranted(owners(calls), []);
}

async function owners(calls: Calls): Promise<Omit<Person, 'installationId'>[]> {
  const all: Omit<Person, 'installationId'>[] = [];
  let after: string | undefined;
  do {
    const { results, paging } = await calls.call({
      method: 'GET',
      path: path('crm/owners'),
      query: { limit: '100', archived: 'false', ...(after !== undefined && { after }) },
      effect: 'read',
      object: 'owners',
      count: 100,
      purpose,
      answer: ownersAnswer,
    });
    for (const { id, userId = id, email = '', firstName = '', lastName = '', type } of results) {
      if (type === 'QUEUE') continue;
      all.push({ userId, ownerId: id, name: `${firstName} ${lastName}`.trim() || email, email });
    }
    after = paging?.next?.after;
  } while (after !== undefined);
  return all;
}
