import type { Author } from '../../protocol/nouns.ts';
import type { VendorEvent, VendorGap } from '../../protocol/vendor-event.ts';
import type { ChangeEvent } from './pubsub/change-event.ts';

/** Contact roles are a field of their opportunity, not an object of ours. */
export const roleEntity = 'OpportunityContactRole';

/** What is known of our own doing. */
export interface Own {
  clientName: string;
  userId: string;
}

const changes: Readonly<Record<string, VendorEvent['change']>> = {
  CREATE: 'created',
  UPDATE: 'updated',
  DELETE: 'deleted',
  UNDELETE: 'restored',
};

/**
 * One hint per row that an event names (Change Data Capture docs: merged change events). `opportunityOf` tells whose a
 * contact role is or was; a role that it does not know leads nowhere.
 */
export function toVendorEvents(
  event: ChangeEvent,
  own: Own,
  opportunityOf: ReadonlyMap<string, string>,
): { events: VendorEvent[]; gaps: VendorGap[] } {
  const isRole = event.entity === roleEntity;
  const object = isRole ? 'Opportunity' : event.entity;
  if (event.isOverflow) return { events: [], gaps: [{ object, reason: 'overflow' }] };
  const change = changes[event.changeType.replace(/^GAP_/, '')] ?? 'updated';
  const isOwn = /;client=([^;]*)/.exec(event.changeOrigin)?.[1] === own.clientName;
  const base = {
    object,
    occurredAt_ms: event.commitTimestamp_ms,
    author: authorOf(event, own),
    own: isOwn,
    lane: 'event' as const,
  };
  const events = event.recordIds.flatMap((id): VendorEvent[] => {
    const key = `${event.eventId}|${id}`;
    if (!isRole) return [{ ...base, key, externalId: id, change, values: event.fields }];
    const opportunityId = opportunityOf.get(id);
    return opportunityId === undefined
      ? []
      : [{ ...base, key, externalId: opportunityId, change: 'associated', values: {} }];
  });
  return { events, gaps: [] };
}

/** The opportunity that a role's event shows; a deletion shows none. */
export function shownOpportunity(event: ChangeEvent): string | undefined {
  const shown = event.fields['OpportunityId'];
  return typeof shown === 'string' ? shown : undefined;
}

function authorOf({ commitUser }: ChangeEvent, own: Own): Author {
  if (commitUser === '') return { kind: 'unknown', userId: null };
  if (commitUser === own.userId) return { kind: 'rapport', userId: null };
  return { kind: 'person', userId: commitUser };
}
