import type { RowWrite } from '../../protocol/crm-connector.ts';

/**
 * Rows in an order in which children of one parent follow one another. A child's write locks its parent; children of one
 * parent in batches that run side by side wait for one another's lock, and fail (Record Locking Cheat Sheet).
 */
export function byParent(rows: readonly RowWrite[], parents: readonly string[]): RowWrite[] {
  if (parents.length === 0) return [...rows];
  return [...Map.groupBy(rows, (row) => parentOf(row, parents)).values()].flat();
}

/** The first rows of a batch: at most `size`, and no part of a family that fits into the next one whole. */
export function firstBatch(rows: readonly RowWrite[], parents: readonly string[], size: number): RowWrite[] {
  if (rows.length <= size) return [...rows];
  const family = parentOf(rows[size] as RowWrite, parents);
  const start = rows.findIndex((row) => parentOf(row, parents) === family);
  return rows.slice(0, family === '' || start <= 0 ? size : Math.min(start, size));
}

/** The parents that a write names; a row that names none stands alone. */
function parentOf(row: RowWrite, parents: readonly string[]): string {
  return parents.flatMap((name) => row.fields[name] ?? []).join(' ');
}
