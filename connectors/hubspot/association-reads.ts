import { z } from 'zod';
import type { Purpose } from '../../protocol/purpose.ts';
import type { Calls } from './calls.ts';
import { chunks } from '../../protocol/chunks.ts';
import { readErrorBody } from './errors.ts';
import { objectType, type ObjectType } from './object-types.ts';
import { entries } from './rows.ts';
import { associationPath } from './version.ts';

/** Who one record is associated with. */
export interface Peers {
  ids: string[];
  /** Of companies the primary one, of others the lowest id; null: none. */
  one: string | null;
}

/** HubSpot docs, "Associations": a batch read takes 1000 ids. */
const readSize = 1000;

const readAnswer = z.looseObject({
  results: z.array(
    z.looseObject({
      from: z.looseObject({ id: z.string() }),
      to: z.array(
        z.looseObject({
          toObjectId: z.union([z.string(), z.int().transform(String)]),
          associationTypes: z.array(z.looseObject({ typeId: z.number() })),
        }),
      ),
      paging: z.looseObject({ next: z.looseObject({ after: z.string() }).optional() }).optional(),
    }),
  ),
  errors: entries.optional(),
});

/** The associations of records to one kind of object, by record id. A record whose associations could not be read is absent. */
export async function peersOf(
  calls: Calls,
  type: ObjectType,
  to: string,
  ids: readonly string[],
  purpose: Purpose,
): Promise<Map<string, Peers>> {
  const target = objectType(to);
  const primary = to === 'companies' ? type.primaryCompanyTypeId : undefined;
  const found = new Map<string, Peers>(ids.map((id) => [id, { ids: [], one: null }]));
  let inputs: { id: string; after?: string }[] = ids.map((id) => ({ id }));
  while (inputs.length > 0) {
    const next: typeof inputs = [];
    for (const slice of chunks(inputs, readSize)) {
      const answer = await calls.call({
        method: 'POST',
        path: associationPath(type.pathName, target.pathName, 'batch', 'read'),
        body: { inputs: slice },
        effect: 'read',
        object: type.name,
        count: slice.length,
        purpose,
        answer: readAnswer,
      });
      for (const failed of answer.errors ?? []) dropUnread(found, failed);
      for (const { from, to: peers, paging } of answer.results) {
        for (const peer of peers) add(found.get(from.id), peer, primary);
        if (paging?.next) next.push({ id: from.id, after: paging.next.after });
      }
    }
    inputs = next;
  }
  return found;
}

function add(
  found: Peers | undefined,
  peer: { toObjectId: string; associationTypes: { typeId: number }[] },
  primary: number | undefined,
): void {
  if (!found) return;
  found.ids.push(peer.toObjectId);
  const isPrimary = peer.associationTypes.some(({ typeId }) => typeId === primary);
  const isLowest = found.one === null || Number(peer.toObjectId) < Number(found.one);
  if (primary === undefined ? isLowest : isPrimary) found.one = peer.toObjectId;
}

/** A record without associations is reported as an error too (HubSpot docs: associations v4); any other error means unread. */
function dropUnread(found: Map<string, Peers>, failed: z.infer<typeof entries>[number]): void {
  if (readErrorBody(failed).subCategory.endsWith('NO_ASSOCIATIONS_FOUND')) return;
  const context = failed.context ?? {};
  for (const id of context['fromObjectId'] ?? context['id'] ?? []) found.delete(id);
}
