import { Fault } from '../../protocol/errors.ts';
import type { TenantTx } from '../../protocol/ports/store.ts';
import type { RunDeps, Subject } from './deps.ts';

/** The record a job runs for, with what it refers to. Throws Fault when the record is gone. */
export async function jobSubject(deps: RunDeps, tx: TenantTx, recordId: string): Promise<Subject> {
  const record = await tx.record(recordId);
  if (!record) throw new Fault('the record of the run is gone');
  const references: Record<string, Subject['references'][string]> = {};
  for (const field of deps.referencesOf(record.kind)) {
    const id = record.fields[field];
    const other = typeof id === 'string' ? await tx.record(id) : undefined;
    if (other) references[field] = { recordId: other.id, kind: other.kind, fields: other.fields };
  }
  return { recordId, kind: record.kind, fields: record.fields, references, aiEnabled: (await tx.tenant()).aiEnabled };
}
