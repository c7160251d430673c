import { Gone } from '../../protocol/errors.ts';
import type { Fields } from '../../protocol/fields.ts';
import type { Author } from '../../protocol/nouns.ts';
import type { SyncDeps } from './deps.ts';
import { fileRecords, type FilingDeps } from './file-records.ts';
import { unitsOf } from './units.ts';

/**
 * Gives a record the value back that a conflict cost it, in the name of who asks; a group comes back whole. From there it
 * reaches the CRMs as any other change. What it replaces stays in the history. Answers the fields; throws Gone when there
 * is no such conflict.
 */
export async function restoreConflict(
  deps: FilingDeps & Pick<SyncDeps, 'store' | 'bell'>,
  tenantId: string,
  conflictId: string,
  by: Author,
): Promise<{ recordId: string; fields: string[] }> {
  const restored = await deps.store.tenant(tenantId, async (tx) => {
    const conflict = await tx.conflict(conflictId);
    if (!conflict) throw new Gone('There is no such conflict.', undefined, 'Take its id from `rapport history`.');
    const [record] = await tx.lockRecords([conflict.recordId]);
    if (!record || record.deletedAt_ms !== null)
      throw new Gone('The record of this conflict is deleted.', undefined, 'Restore its row in the CRM first.');
    const units = unitsOf(deps.mapper.mappings.kinds[record.kind].fields);
    const names = units.find((unit) => unit.names.includes(conflict.field))?.names ?? [conflict.field];
    // One decision lost the fields of a group together.
    const together = (await tx.conflictsAt(conflict.recordId, conflict.at_ms)).filter(
      (one) => names.includes(one.field) && one.loser === conflict.loser,
    );
    const fields: Fields = Object.fromEntries(together.map((one) => [one.field, one.lost]));
    const cause = { lane: 'restore', id: conflict.id } as const;
    const installations = await fileRecords(deps, tx, {
      records: [],
      updates: [{ recordId: record.id, fields }],
      cause,
      by,
    });
    return { recordId: record.id, fields: Object.keys(fields), installations };
  });
  await deps.bell.ring(
    restored.installations.map((installationId) => ({ tenantId, installationId, lane: 'deliver' as const })),
  );
  return { recordId: restored.recordId, fields: restored.fields };
}
