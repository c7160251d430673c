import { z } from 'zod';
import { Invalid } from '../../protocol/errors.ts';
import type { Author } from '../../protocol/nouns.ts';
import type { VendorEvent } from '../../protocol/vendor-event.ts';
import { objectNamed } from './object-types.ts';

/** Digits, as a number or a text. One function for both: a union with a transform costs four times the rest of the check. */
const id = z.custom<string | number>(
  (value) => (typeof value === 'number' ? Number.isSafeInteger(value) && value >= 0 : isDigits(value)),
  'not an id',
);

/** One webhook event (HubSpot docs: webhooks; generic `object.*` and privacy deletion). Unknown keys are dropped. */
const webhookEvent = z.object({
  eventId: id.optional(),
  portalId: id,
  occurredAt: z.int(),
  subscriptionType: z.string(),
  objectId: id.optional(),
  objectTypeId: z.string().optional(),
  objectType: z.string().optional(),
  changeSource: z.string().optional(),
  sourceId: z.custom<string | number>((value) => typeof value === 'string' || typeof value === 'number').optional(),
  propertyName: z.string().optional(),
  propertyValue: z.string().nullish(),
  isSensitive: z.boolean().optional(),
  primaryObjectId: id.optional(),
  mergedObjectIds: z.array(id).optional(),
  newObjectId: id.optional(),
  fromObjectId: id.optional(),
  toObjectId: id.optional(),
  fromObjectTypeId: z.string().optional(),
  toObjectTypeId: z.string().optional(),
  associationType: z.string().optional(),
  associationTypeId: z.number().optional(),
  associationRemoved: z.boolean().optional(),
});
const delivery = z.array(webhookEvent);
type WebhookEvent = z.infer<typeof webhookEvent>;
type Told = Pick<VendorEvent, 'object' | 'externalId' | 'change' | 'values'>;

const changes: Readonly<Record<string, VendorEvent['change']>> = {
  creation: 'created',
  propertyChange: 'updated',
  deletion: 'deleted',
  restore: 'restored',
  merge: 'merged',
  associationChange: 'associated',
  privacyDeletion: 'erased',
};

/**
 * The events of one webhook delivery. Objects and subscriptions that are not ours are left out; a delivery that is not a
 * list of HubSpot events throws Invalid.
 */
export function parseWebhooks(body: Buffer, appId: string): { accountId: string; event: VendorEvent }[] {
  let json: unknown;
  try {
    json = JSON.parse(body.toString('utf8'));
  } catch {
    // The parser's own words quote the body.
    throw unreadable('it is not JSON');
  }
  const parsed = delivery.safeParse(json);
  if (!parsed.success) throw unreadable(z.prettifyError(parsed.error));
  return parsed.data.flatMap((one) => {
    const { author, own } = authorOf(one, appId);
    return told(one).map((what) => ({
      accountId: String(one.portalId),
      event: { ...what, key: keyOf(one, what), occurredAt_ms: one.occurredAt, author, own, lane: 'event' as const },
    }));
  });
}

function told(one: WebhookEvent): Told[] {
  const [prefix, kind] = one.subscriptionType.split('.', 2);
  const change = changes[kind ?? ''];
  if (change === undefined) return [];
  if (change === 'associated') return [...end(one, 'from'), ...end(one, 'to')];
  const object = objectNamed(prefix === 'object' ? (one.objectTypeId ?? one.objectType) : prefix);
  if (object === undefined) return [];
  if (change === 'merged') return merged(one, object);
  if (one.objectId === undefined) throw unreadable(`${one.subscriptionType} without objectId`);
  return [{ object, externalId: String(one.objectId), change, values: shown(one) }];
}

/** An emptied property arrives as an empty text, and reads back as null. */
function shown(one: WebhookEvent): VendorEvent['values'] {
  if (one.propertyName === undefined || one.propertyValue === undefined || one.isSensitive) return {};
  return { [one.propertyName]: one.propertyValue === '' ? null : one.propertyValue };
}

/** The survivor may have a new id, so every id named is told (HubSpot docs: merge events). */
function merged(one: WebhookEvent, object: string): Told[] {
  const survivor = one.newObjectId ?? one.primaryObjectId ?? one.objectId;
  if (survivor === undefined) throw unreadable(`${one.subscriptionType} without ids`);
  const losers = [...(one.mergedObjectIds ?? []), one.primaryObjectId].filter((each) => each !== undefined).map(String);
  const gone = [...new Set(losers)].filter((each) => each !== String(survivor));
  return [
    { object, externalId: String(survivor), change: 'merged', values: { hs_merged_object_ids: gone.join(';') } },
    ...gone.map((externalId): Told => ({ object, externalId, change: 'merged', values: {} })),
  ];
}

function end(one: WebhookEvent, side: 'from' | 'to'): Told[] {
  const legacy = one.associationType?.split('_TO_')[side === 'from' ? 0 : 1];
  const object = objectNamed((side === 'from' ? one.fromObjectTypeId : one.toObjectTypeId) ?? legacy);
  const externalId = side === 'from' ? one.fromObjectId : one.toObjectId;
  return object === undefined || externalId === undefined
    ? []
    : [{ object, externalId: String(externalId), change: 'associated', values: {} }];
}

/** HubSpot docs: an event id is not promised to be unique, and a retry differs in attemptNumber only. */
function keyOf(one: WebhookEvent, what: Told): string {
  const type = one.objectTypeId ?? one.objectType ?? '';
  const ends = [one.fromObjectId, one.toObjectId, one.associationTypeId, one.associationRemoved];
  const pair = what.change === 'associated' ? `${ends.map((each) => String(each ?? '')).join('|')}|` : '';
  return (
    `${one.portalId}|${one.subscriptionType}|${type}|${what.object}|${what.externalId}|${one.propertyName ?? ''}|` +
    `${pair}${one.eventId ?? ''}|${one.occurredAt}`
  );
}

function authorOf(one: WebhookEvent, appId: string): { author: Author; own: boolean } {
  const sourceId = String(one.sourceId ?? '');
  const person = /^userId:(\d+)$/.exec(sourceId)?.[1];
  if (person !== undefined) return { author: { kind: 'person', userId: person }, own: false };
  if (one.changeSource === 'INTEGRATION' && sourceId === appId) {
    return { author: { kind: 'rapport', userId: null }, own: true };
  }
  if (one.changeSource === undefined) return { author: { kind: 'unknown', userId: null }, own: false };
  const kind = one.changeSource.startsWith('CRM_UI') ? 'person' : 'automation';
  return { author: { kind, userId: null }, own: false };
}

function isDigits(value: unknown): boolean {
  return typeof value === 'string' && /^\d+$/.test(value);
}

function unreadable(why: string): Invalid {
  return new Invalid(
    `HubSpot's webhook delivery cannot be read: ${why}`,
    'Keep the delivery and report it: HubSpot changed a format. It can be replayed afterwards.',
  );
}
