import { z } from 'zod';
import { chunks } from '../../protocol/chunks.ts';
import type { ArchiveOutcome } from '../../protocol/crm-connector.ts';
import type { Purpose } from '../../protocol/purpose.ts';
import type { Calls } from './calls.ts';
import { objectType } from './object-types.ts';
import { batchSize } from './read.ts';
import { objectPath } from './version.ts';

/** Puts rows into the recycling bin; one that is there already counts as done (HubSpot docs: batch archive answers nothing). */
export async function archiveRows(
  calls: Calls,
  object: string,
  ids: readonly string[],
  purpose: Purpose,
): Promise<ArchiveOutcome[]> {
  const type = objectType(object);
  const outcomes: ArchiveOutcome[] = [];
  for (const slice of chunks(ids, batchSize)) {
    let outcome: ArchiveOutcome = { status: 'ok' };
    try {
      await calls.call({
        method: 'POST',
        path: objectPath(type.pathName, 'batch', 'archive'),
        body: { inputs: slice.map((id) => ({ id })) },
        effect: 'write',
        object,
        count: slice.length,
        purpose,
        answer: z.unknown(),
      });
    } catch (error) {
      outcome = { status: 'failed', error: error as Error };
    }
    outcomes.push(...slice.map(() => outcome));
  }
  return outcomes;
}
