import { chunks } from '../../../protocol/chunks.ts';
import type { ArchiveOutcome } from '../../../protocol/crm-connector.ts';
import type { Purpose } from '../../../protocol/purpose.ts';
import type { SimAccount } from './account.ts';
import type { Wire } from './wire.ts';

/** Deletes rows as both vendors do: one call a batch, and what is gone already is done. */
export async function archiveRows(
  { crm }: SimAccount,
  wire: Wire,
  { object, purpose }: { object: string; purpose: Purpose },
  ids: readonly string[],
): Promise<ArchiveOutcome[]> {
  const outcomes: ArchiveOutcome[] = [];
  for (const slice of chunks(ids, crm.flavour.batchSize)) {
    let outcome: ArchiveOutcome = { status: 'ok' };
    try {
      await wire.write({ object, count: slice.length, purpose }, () =>
        crm.transact({ kind: 'rapport', userId: null }, (tx) => {
          for (const id of slice) crm.archive(tx, object, id);
        }),
      );
    } catch (error) {
      outcome = { status: 'failed', error: error as Error };
    }
    outcomes.push(...slice.map(() => outcome));
  }
  return outcomes;
}
