import type { Fields } from '../../protocol/fields.ts';
import type { Kind, Link, StoredRecord } from '../../protocol/nouns.ts';

/** The fields of a record that nobody has described yet. Compared by identity. */
export const emptyFields: Fields = Object.freeze({});

export function newRecord(id: string, kind: Kind): StoredRecord {
  return { id, kind, fields: emptyFields, stamps: {}, deletedAt_ms: null, mergedInto: null };
}

/** A link to an object that is there (`externalId`) or still to be created (null). */
export function newLink(
  id: string,
  recordId: string,
  installationId: string,
  object: string,
  externalId: string | null,
): Link {
  return {
    id,
    recordId,
    installationId,
    object,
    externalId,
    state: 'live',
    base: null,
    facts: {},
    stamp_ms: null,
    writtenAt_ms: null,
    deliverAt_ms: null,
    attempts: 0,
    agreedAt_ms: null,
  };
}
