/** What `stored` made: such values are immutable and may be shared by any number of rows. */
const made = new WeakSet<object>();

/**
 * A value as PostgreSQL's `jsonb` gives it back: no `undefined`, NUL or halves of surrogate pairs, numbers finite, keys in
 * the database's own order (by length, then by code). Frozen, so that rows can be handed out without a copy and whoever
 * changes one in place fails loudly: with a database such a change would be lost.
 */
function stored(value: unknown): unknown {
  switch (typeof value) {
    case 'string':
      return storedText(value);
    case 'number':
      return Number.isFinite(value) ? value + 0 : null;
    case 'boolean':
      return value;
    case 'object':
      return value === null ? null : storedObject(value);
    default:
      return null;
  }
}

/** Rows of a table: the named columns alone, absent ones null. */
export function storedRow<Row extends object>(columns: readonly (keyof Row & string)[], row: Row): Row {
  const copy: Record<string, unknown> = {};
  for (const column of columns) copy[column] = stored(row[column]);
  return Object.freeze(copy) as Row;
}

function storedText(text: string): string {
  const whole = text.isWellFormed() ? text : text.toWellFormed();
  return whole.includes('\0') ? whole.replaceAll('\0', '') : whole;
}

function storedObject(value: object): unknown {
  if (made.has(value)) return value;
  if ('toJSON' in value && typeof value.toJSON === 'function') return stored(value.toJSON());
  const copy = Array.isArray(value) ? value.map(stored) : sortedEntries(value);
  made.add(copy);
  return Object.freeze(copy);
}

function sortedEntries(value: object): object {
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  entries.sort(([a], [b]) => a.length - b.length || (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([name, inner]) => [storedText(name), stored(inner)]));
}
