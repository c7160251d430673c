import type { RowWrite } from './crm-connector.ts';
import type { VendorFields } from './fields.ts';

/** What the write of a row adds to and removes from a pseudo-field that holds a set; see `RowWrite.before`. */
export function setChange(row: RowWrite, field: string): { added: string[]; removed: string[] } {
  const [before, after] = [elements(row.before, field), elements(row.fields, field)];
  return { added: after.filter((one) => !before.includes(one)), removed: before.filter((one) => !after.includes(one)) };
}

function elements(fields: VendorFields, field: string): readonly string[] {
  const value = fields[field] ?? null;
  return typeof value === 'object' && value !== null ? value : [];
}
