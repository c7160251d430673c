import { chunks } from '../../protocol/chunks.ts';
import type { ArchiveOutcome } from '../../protocol/crm-connector.ts';
import { Gone, Uncertain } from '../../protocol/errors.ts';
import type { Purpose } from '../../protocol/purpose.ts';
import type { Calls } from './calls.ts';
import { translateRow } from './errors.ts';
import { batchSize, saveAnswer } from './save-answer.ts';

/** Puts rows into the recycle bin, with what Salesforce deletes along with them (REST API guide: sObject Collections, delete). */
export async function archiveRows(
  calls: Calls,
  object: string,
  ids: readonly string[],
  purpose: Purpose,
): Promise<ArchiveOutcome[]> {
  const outcomes: ArchiveOutcome[] = [];
  for (const slice of chunks(ids, batchSize)) {
    try {
      const answer = await calls.call({
        method: 'DELETE',
        path: `/composite/sobjects?ids=${slice.join(',')}&allOrNone=false`,
        effect: 'write',
        object,
        count: slice.length,
        purpose,
        answer: saveAnswer,
      });
      outcomes.push(...slice.map((_, index) => outcomeOf(answer[index], calls.clock.now_ms())));
    } catch (error) {
      outcomes.push(...slice.map(() => ({ status: 'failed', error: error as Error }) as const));
    }
  }
  return outcomes;
}

function outcomeOf(said: ReturnType<typeof saveAnswer.parse>[number] | undefined, now_ms: number): ArchiveOutcome {
  if (said?.success) return { status: 'ok' };
  if (!said) return { status: 'failed', error: new Uncertain('Salesforce answered without a word on this row.') };
  const error = translateRow(said.errors, said, now_ms);
  // It is in the recycle bin already.
  return error instanceof Gone ? { status: 'ok' } : { status: 'failed', error };
}
