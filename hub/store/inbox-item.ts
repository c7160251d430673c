import type { InboxItem } from '../../protocol/ports/store.ts';

/** The columns of an item, as `toItem` takes them. */
export const itemColumns =
  'day::text, seq, installation_id as "installationId", event, received_at_ms as "receivedAt_ms"';

export interface InboxRow {
  day: string;
  installationId: string;
  seq: string;
  event: InboxItem['event'];
  receivedAt_ms: string;
}

/** An item's id is its place: day (which partition), number, installation (which part of the index). */
export function toItem({ day, seq, installationId, event, receivedAt_ms }: InboxRow): InboxItem {
  return { id: `${day}/${seq}/${installationId}`, event, receivedAt_ms: Number(receivedAt_ms) };
}

export function placeOf(id: string): { day: string | undefined; seq: string | undefined; installation: string } {
  const [day, seq, ...installation] = id.split('/');
  return { day, seq, installation: installation.join('/') };
}
