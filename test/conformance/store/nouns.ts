import type { Change, Conflict, Link, Parked, StoredRecord, Write } from '../../../protocol/nouns.ts';
import type { Run } from '../../../protocol/run.ts';
import { queuedRun } from '../../../protocol/run.ts';
import type { VendorEvent } from '../../../protocol/vendor-event.ts';

// Nouns with believable values; a test names what it is about.

export function anEvent(key: string, given: Partial<VendorEvent> = {}): VendorEvent {
  return {
    key,
    object: 'deals',
    externalId: '7',
    change: 'updated',
    values: { dealstage: 'qualifiedtobuy', amount: '1000' },
    occurredAt_ms: 1_000,
    author: { kind: 'person', userId: '5' },
    own: false,
    lane: 'event',
    ...given,
  };
}

export function aRecord(id: string, given: Partial<StoredRecord> = {}): StoredRecord {
  return {
    id,
    kind: 'deal',
    fields: { name: `Deal ${id}`, amount: '10.5', open: true, contacts: ['c1', 'c2'], close_date: null },
    stamps: { name: { at_ms: 5, side: 'hubspot' } },
    deletedAt_ms: null,
    mergedInto: null,
    ...given,
  };
}

export function aLink(id: string, given: Partial<Link> = {}): Link {
  return {
    id,
    recordId: `record-of-${id}`,
    installationId: 'hs',
    object: 'deals',
    externalId: `ext-${id}`,
    state: 'live',
    base: { name: 'Deal', amount: '10.5' },
    facts: { owner: 'Ada', next_step: null },
    stamp_ms: 1_763_800_000_123,
    writtenAt_ms: null,
    deliverAt_ms: null,
    attempts: 0,
    agreedAt_ms: 12,
    ...given,
  };
}

export function aWrite(id: string, given: Partial<Write> = {}): Write {
  return {
    id,
    linkId: 'l1',
    values: { name: 'New' },
    state: 'sent',
    sentAt_ms: 10,
    answeredAt_ms: null,
    cause: { lane: 'event', id: 'change-1' },
    ...given,
  };
}

export function aChange(id: string, given: Partial<Change> = {}): Change {
  return {
    id,
    recordId: 'r1',
    field: 'name',
    before: null,
    after: 'Acme',
    side: 'hubspot',
    author: { kind: 'person', userId: '5' },
    cause: { lane: 'event', id: 'e1' },
    at_ms: 10,
    ...given,
  };
}

export function aConflict(id: string, given: Partial<Conflict> = {}): Conflict {
  return {
    id,
    recordId: 'r1',
    field: 'name',
    winner: 'hubspot',
    loser: 'salesforce',
    lost: 'Old',
    kept: 'New',
    reason: 'rule',
    at_ms: 10,
    ...given,
  };
}

export function aParked(id: string, given: Partial<Parked> = {}): Parked {
  return {
    id,
    installationId: 'hs',
    object: 'deals',
    externalId: '7',
    recordId: 'r1',
    field: 'stage',
    cause: 'unknown_option',
    detail: 'No such stage',
    remedy: 'Map the stage.',
    value: '123',
    waitsFor: null,
    at_ms: 10,
    ...given,
  };
}

export function aRun(id: string, given: Partial<Run> = {}): Run {
  const asked = { askedBy: 'person:5', askedWith: 'change' } as const;
  const wanted = { job: 'research', recordId: 'r1', cause: { lane: 'event', id: `cause-${id}` }, ...asked } as const;
  return { ...queuedRun(id, 'a', wanted, 100), ...given };
}
