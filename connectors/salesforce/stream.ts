import { chunks } from '../../protocol/chunks.ts';
import type { CrmApi } from '../../protocol/crm-connector.ts';
import type { Purpose } from '../../protocol/purpose.ts';
import { Reconnect, RetryLater } from '../../protocol/errors.ts';
import type { VendorEvent, VendorGap } from '../../protocol/vendor-event.ts';
import type { Calls } from './calls.ts';
import { roleEntity, shownOpportunity, toVendorEvents, type Own } from './change-events.ts';
import type { ChangeEvent } from './pubsub/change-event.ts';
import { SubscriptionEnded } from './pubsub/subscription-ended.ts';
import { subscribe } from './pubsub/subscribe.ts';
import { query, quotedList } from './query.ts';
import { batchSize } from './save-answer.ts';
import type { Session } from './sessions.ts';

type StreamOptions = Parameters<NonNullable<CrmApi['stream']>>[0];

const topic = '/data/ChangeEvents';
const purpose: Purpose = { lane: 'background', what: 'stream' };
/** Objects to compare when the cursor has expired. */
const watched = ['Account', 'Contact', 'Opportunity'] as const;

/**
 * All change events of an org from a cursor on (a replay id, base64). An expired cursor becomes a gap of every object,
 * and the stream goes on with the oldest event kept. A session that ran out is renewed once per progress made.
 */
export async function streamEvents(
  { calls, pubsubUrl, clientName }: { calls: Calls; pubsubUrl: string; clientName: string },
  options: StreamOptions,
): Promise<void> {
  const { cursor, signal } = options;
  let replayId: Buffer | 'earliest' | undefined = cursor === undefined ? undefined : Buffer.from(cursor, 'base64');
  let session = await calls.session(purpose);
  let renewed = false;
  while (!signal.aborted) {
    try {
      const { instanceUrl, orgId, accessToken } = session;
      return await subscribe({
        endpoint: pubsubUrl,
        instanceUrl,
        orgId,
        accessToken: () => Promise.resolve(accessToken),
        topic,
        replayId,
        signal,
        async onEvents(events, latest) {
          const own = { clientName, userId: session.userId };
          await options.onBatch({ ...(await translate(calls, events, own)), cursor: latest.toString('base64') });
          replayId = latest;
          renewed = false;
        },
      });
    } catch (error) {
      if (!(error instanceof SubscriptionEnded)) throw error;
      if (error.kind === 'replay_expired' && replayId instanceof Buffer) {
        const gaps = watched.map((object): VendorGap => ({ object, reason: 'expired' }));
        await options.onBatch({ events: [], gaps, cursor: replayId.toString('base64') });
        replayId = 'earliest';
      } else if (error.kind === 'auth' && !renewed) {
        renewed = true;
        session = await anotherSession(calls, session);
      } else throw ended(error, calls.clock.now_ms());
    }
  }
}

function anotherSession(calls: Calls, refused: Session): Promise<Session> {
  return calls.session(purpose, refused);
}

async function translate(
  calls: Calls,
  events: readonly ChangeEvent[],
  own: Own,
): Promise<{ events: VendorEvent[]; gaps: VendorGap[] }> {
  const opportunityOf = await opportunitiesOf(calls, events);
  const all = events.map((event) => toVendorEvents(event, own, opportunityOf));
  return { events: all.flatMap((one) => one.events), gaps: all.flatMap((one) => one.gaps) };
}

/** Whose each contact role is: from its event, else asked for, in the recycle bin too. */
async function opportunitiesOf(calls: Calls, events: readonly ChangeEvent[]): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const unknown = new Set<string>();
  for (const event of events.filter((one) => one.entity === roleEntity)) {
    const shown = shownOpportunity(event);
    for (const id of event.recordIds) {
      if (shown === undefined) unknown.add(id);
      else found.set(id, shown);
    }
  }
  const asked = [...unknown].filter((id) => !found.has(id));
  for (const slice of chunks(asked, batchSize)) {
    const soql = `SELECT Id, OpportunityId FROM ${roleEntity} WHERE Id IN ${quotedList(slice)}`;
    const about = { object: roleEntity, count: slice.length, purpose, deleted: true };
    for (const one of await query(calls, soql, about)) found.set(one.Id, String(one['OpportunityId']));
  }
  return found;
}

function ended(error: SubscriptionEnded, now_ms: number): Error {
  const message = `The Salesforce event stream ended: ${error.message}`;
  if (error.kind === 'limit') return new RetryLater(message, now_ms + 15 * 60_000, error);
  if (error.kind === 'unavailable' || error.kind === 'replay_expired') {
    return new RetryLater(message, now_ms + 1_000, error);
  }
  return new Reconnect(message, error);
}
