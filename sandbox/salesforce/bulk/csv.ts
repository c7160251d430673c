import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import { ApiError } from '../api-error.ts';

/** Every value stands in quotes, as the vendor writes them. */
export function writeCsv(rows: readonly (readonly string[])[], lineEnding: 'LF' | 'CRLF'): string {
  return stringify(rows as string[][], {
    quoted: true,
    quoted_empty: true,
    record_delimiter: lineEnding === 'LF' ? '\n' : '\r\n',
  });
}

/** Head and rows. Text that is no CSV is refused; a row with more or fewer values than the head is kept as it is. */
export function readCsv(text: string): { columns: string[]; rows: string[][] } {
  try {
    const [columns = [], ...rows] = parse(text, { bom: true, relax_column_count: true, skip_empty_lines: true });
    return { columns, rows };
  } catch (error) {
    throw new ApiError(400, 'InvalidBatch', `Failed to parse CSV: ${error instanceof Error ? error.message : ''}`);
  }
}
