import { randomInt } from 'node:crypto';
import { hubspotApp } from '../seed/credentials.ts';
import type { Change } from './change.ts';
import { associationName } from './association-types.ts';
import type { Subscription, WebhooksConfig } from './project.ts';

export type WebhookEvent = Record<string, unknown> & { subscriptionType: string; portalId: number };

/** HubSpot docs, webhooks: changes of these are never sent; of an e-mail neither subject nor body. */
const silent = new Set([
  'hs_lastmodifieddate',
  'lastmodifieddate',
  'num_unique_conversion_events',
  'hs_email_html',
  'hs_email_subject',
]);

/** What is subscribed when no project says so: every event of contacts, companies and deals, every property. */
export function defaultWebhooks(hubUrl: string): WebhooksConfig {
  const kinds = ['creation', 'deletion', 'merge', 'restore', 'associationChange', 'propertyChange'];
  return {
    targetUrl: `${hubUrl}/webhooks/hubspot`,
    maxConcurrentRequests: 10,
    crmObjects: ['contact', 'company', 'deal'].flatMap((objectType) =>
      kinds.map((kind) => {
        return { subscriptionType: `object.${kind}`, objectType, active: true };
      }),
    ),
    legacyCrmObjects: [],
    hubEvents: [{ subscriptionType: 'contact.privacyDeletion', active: true }],
  };
}

/** The events of one change, one for each active subscription it meets; without `propertyName` a subscription means all. */
export function eventsOf(change: Change, config: WebhooksConfig): WebhookEvent[] {
  if (change.kind === 'propertyChange' && silent.has(change.property)) return [];
  if (change.kind === 'privacyDeletion') {
    return config.hubEvents.flatMap((one, at) =>
      one.active && one.subscriptionType === 'contact.privacyDeletion'
        ? [common(change, one.subscriptionType, 3_000_000 + at, { objectId: Number(change.id) })]
        : [],
    );
  }
  const wanted = (one: Subscription, prefix: string): boolean =>
    one.active &&
    one.subscriptionType === `${prefix}.${change.kind}` &&
    (prefix === change.type.singular ||
      one.objectType === change.type.singular ||
      one.objectType === change.type.typeId) &&
    (change.kind !== 'propertyChange' || one.propertyName === undefined || one.propertyName === change.property);
  const generic = config.crmObjects.flatMap((one, at) =>
    wanted(one, 'object') ? [genericEvent(change, 1_000_000 + at)] : [],
  );
  const legacy = config.legacyCrmObjects.flatMap((one, at) =>
    wanted(one, change.type.singular) ? [legacyEvent(change, 2_000_000 + at)] : [],
  );
  return [...generic, ...legacy];
}

type Subscribed = Exclude<Change, { kind: 'privacyDeletion' }>;

function genericEvent(change: Subscribed, subscriptionId: number): WebhookEvent {
  const ends = change.kind === 'associationChange' && {
    fromObjectTypeId: change.from.typeId,
    toObjectTypeId: change.to.typeId,
    associationTypeId: change.label.typeId,
    associationCategory: change.label.category,
  };
  return common(change, `object.${change.kind}`, subscriptionId, {
    objectTypeId: change.type.typeId,
    ...details(change),
    ...ends,
  });
}

function legacyEvent(change: Subscribed, subscriptionId: number): WebhookEvent {
  return common(change, `${change.type.singular}.${change.kind}`, subscriptionId, details(change));
}

/** Field names as in recorded payloads and the official guide's mirrors. Association changes have no `objectId`. */
function details(change: Subscribed): Record<string, unknown> {
  switch (change.kind) {
    case 'creation':
      return { objectId: Number(change.id), changeFlag: 'CREATED' };
    case 'deletion':
      return { objectId: Number(change.id), changeFlag: 'DELETED' };
    case 'restore':
      return { objectId: Number(change.id), changeFlag: 'RESTORED' };
    case 'propertyChange':
      return {
        objectId: Number(change.id),
        propertyName: change.property,
        propertyValue: change.value,
        isSensitive: false,
      };
    case 'merge':
      return {
        objectId: Number(change.id),
        primaryObjectId: Number(change.id),
        mergedObjectIds: change.mergedIds.map(Number),
        newObjectId: Number(change.newId),
        numberOfPropertiesMoved: change.propertiesMoved,
      };
    case 'associationChange':
      return {
        associationType: associationName(change.label, change.type, change.toType).toUpperCase(),
        fromObjectId: Number(change.from.id),
        toObjectId: Number(change.to.id),
        associationRemoved: change.removed,
        isPrimaryAssociation: change.primary,
      };
  }
}

function common(
  change: Change,
  subscriptionType: string,
  subscriptionId: number,
  more: Record<string, unknown>,
): WebhookEvent {
  return {
    eventId: randomInt(1, 2 ** 31),
    subscriptionId,
    portalId: change.portalId,
    appId: hubspotApp.appId,
    occurredAt: change.at_ms,
    subscriptionType,
    attemptNumber: 0,
    changeSource: change.source.changeSource,
    sourceId: change.source.sourceId,
    ...more,
  };
}
