import { Invalid } from '../../protocol/errors.ts';
import type { UndoAnswer } from '../http/history.ts';
import type { RecordHistory } from '../view/record-history.ts';
import { ask } from './ask.ts';
import { historyLines } from './history-lines.ts';
import { shownValue } from './shown-value.ts';

/** `rapport history VENDOR ACCOUNT OBJECT ID`: why each field has its value. */
export async function history(
  row: { vendor: string; account: string; object: string; id: string },
  options: { field?: string; json?: boolean },
): Promise<void> {
  const found = await ask<RecordHistory>(`/api/history?${new URLSearchParams(row).toString()}`);
  const names = found.fields.map(({ field }) => field);
  if (options.field !== undefined && !names.includes(options.field))
    throw new Invalid(`A ${found.kind} has no field "${options.field}".`, `Its fields are ${names.join(', ')}.`);
  if (options.json) {
    const fields = found.fields.filter(({ field }) => options.field === undefined || field === options.field);
    process.stdout.write(`${JSON.stringify({ ...found, fields }, null, 2)}\n`);
    return;
  }
  process.stdout.write(`${historyLines(found, options.field).join('\n')}\n`);
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
  const { records, fields, kept, first, names } = await ask<UndoAnswer>('/api/changes/undo', {
    tenant,
    confirm,
    ...set,
  });
  const what = `${counted(fields, 'field')} of ${counted(records, 'record')}`;
  const rest = kept === 0 ? '' : ` Set again since, and left: ${counted(kept, 'field')}.`;
  if (confirm || fields === 0) {
    process.stdout.write(confirm ? `Taken back: ${what}.${rest}\n` : `Nothing would be taken back.${rest}\n`);
    return;
  }
  const lines = first.map(
    ({ recordId, kind, field, from, to }) =>
      `  ${kind} ${JSON.stringify(names[recordId] || recordId)} ${field}: ${shownValue(from, names)} -> ${shownValue(to, names)}\n`,
  );
  const more = fields > first.length ? `  and ${counted(fields - first.length, 'field')} more\n` : '';
  process.stdout.write(`Would take back ${what}.${rest}\n${lines.join('')}${more}Say --confirm to do it.\n`);
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
