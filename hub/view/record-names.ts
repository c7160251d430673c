import type { Fields, Value } from '../../protocol/fields.ts';
import type { TenantTx } from '../../protocol/ports/store.ts';

/** What people call a record: a company or deal by its name, a person by theirs, else by e-mail address. Empty where it has none. */
export function recordName({ name, firstName, lastName, email }: Fields): string {
  const person = [firstName, lastName].filter(Boolean).join(' ');
  return String(name ?? (person || email) ?? '');
}

/** The names of records by id; one that is not there has the empty name. They may be people's: for answers, never for logs. */
export async function recordNames(tx: TenantTx, ids: Iterable<string>): Promise<Map<string, string>> {
  const names = new Map<string, string>();
  for (const id of new Set(ids)) names.set(id, recordName((await tx.record(id))?.fields ?? {}));
  return names;
}

/** The texts among values, those of lists too: of reference fields, ids of records. */
export function textsIn(values: readonly Value[]): string[] {
  return values.flat().filter((one) => typeof one === 'string');
}
