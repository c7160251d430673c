import type { Undone } from '../sync/undo-changes.ts';
import type { RecordHistory } from '../view/record-history.ts';
import { ask } from './ask.ts';

/** `rapport history VENDOR ACCOUNT OBJECT ID`: why each field has its value. */
export async function history(
  row: { vendor: string; account: string; object: string; id: string },
  options: { field?: string; json?: boolean },
): Promise<void> {
  const found = await ask<RecordHistory>(`/api/history?${new URLSearchParams(row).toString()}`);
  const fields = found.fields.filter(({ field }) => options.field === undefined || field === options.field);
  if (options.json) {
    process.stdout.write(`${JSON.stringify({ ...found, fields }, null, 2)}\n`);
    return;
  }
  process.stdout.write(`${found.kind} ${found.recordId} (${found.tenantId})\n`);
  for (const { field, value, changes, lost, parked } of fields) {
    process.stdout.write(`${field}: ${JSON.stringify(value)}\n`);
    for (const one of changes)
      process.stdout.write(
        `  ${one.at} ${one.by} in ${one.side} (${one.because}): was ${JSON.stringify(one.before)}\n`,
      );
    if (changes.length === 0) process.stdout.write('  as first seen\n');
    for (const one of lost)
      process.stdout.write(
        `  ${one.at} lost ${JSON.stringify(one.value)} of ${one.side} (${one.reason}): rapport restore ${found.tenantId} ${one.id}\n`,
      );
    for (const one of parked)
      process.stdout.write(`  waits at ${one.installationId}: ${one.cause}. ${one.detail} ${one.remedy}\n`);
  }
}

/** `rapport restore TENANT ID`: a lost value comes back. */
export async function restore(tenant: string, id: string): Promise<void> {
  const { fields } = await ask<{ fields: string[] }>('/api/conflicts/restore', { tenant, id });
  process.stdout.write(`Restored: ${fields.join(', ')}.\n`);
}

export interface UndoOptions {
  from: string;
  to: string;
  side?: string;
  user?: string;
  field?: string;
  confirm?: boolean;
}

/** `rapport undo TENANT`: says what would be taken back, and takes it back when that is confirmed. */
export async function undo(tenant: string, { confirm = false, ...set }: UndoOptions): Promise<void> {
  const { records, fields, kept } = await ask<Undone>('/api/changes/undo', { tenant, confirm, ...set });
  const what = `${counted(fields, 'field')} of ${counted(records, 'record')}`;
  const rest = kept === 0 ? '' : ` Set again since, and left: ${counted(kept, 'field')}.`;
  process.stdout.write(
    confirm ? `Taken back: ${what}.${rest}\n` : `Would take back ${what}.${rest} Say --confirm to do it.\n`,
  );
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
