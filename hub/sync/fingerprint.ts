import type { Fields } from '../../protocol/fields.ts';

/** Stable text of a write's values, so that a refused write is not sent again until a field changes. */
export function fingerprint(values: Fields): string {
  return JSON.stringify(Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** What stands for a write of nothing but our id. */
export const idFingerprint = fingerprint({});

/** What stands for a deletion. */
export const deletionFingerprint = fingerprint({ deleted: true });
