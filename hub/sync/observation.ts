import type { InboxItem } from '../../protocol/ports/store.ts';
import type { Cause, Installation, Kind, Link } from '../../protocol/nouns.ts';
import type { VendorRow } from '../../protocol/vendor-event.ts';

/** Where rows are read. */
export interface Rows {
  installation: Installation;
  about: { kind: Kind; object: string };
  /** Links known of the installation, by `object:externalId`. */
  known: ReadonlyMap<string, Link>;
}

/** A row as read, with the hints that asked for it. */
export interface Observation {
  row: VendorRow;
  /** When the read was started, by our clock. */
  readAt_ms: number;
  items: readonly InboxItem[];
  /** The vendor's fields that were asked for, where the row is looked at for what it hides. */
  asked?: readonly string[];
  lane: Cause['lane'];
  /** Records whose own row here is gone: that this row refers to them no more is nobody's edit. */
  lost?: ReadonlySet<string>;
  /** Read back after a write of unknown outcome: what the row does not show was not taken, and is sent again. */
  unsure?: boolean;
}

/** What became of the observations of one transaction. */
export interface Applied {
  /** Inbox items that are done, and how. */
  finished: { id: string; outcome: 'applied' | 'no_change' | 'parked' | 'superseded' }[];
  /** Inbox items that must be read again: the observation was stale, or a write is unanswered. */
  again: string[];
  /** Rows of which this reading decided nothing. */
  undecided: Set<string>;
  /** Installations that have something to write now. */
  deliverTo: Set<string>;
  /** Hints that waited for the outcome of a write are looked at now. */
  wokeHints: boolean;
  /** A run was started. */
  startedRuns: boolean;
}

/** The re-read that did not find it is the proof that it is gone. It has no stamp of its own, so the last one stands. */
export function goneRow(externalId: string, link: Link | undefined): VendorRow {
  const stamp_ms = link?.stamp_ms ?? 0;
  return { externalId, fields: {}, stamp_ms, archived: true, author: { kind: 'unknown', userId: null } };
}
