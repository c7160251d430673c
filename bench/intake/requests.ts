import { createHmac } from 'node:crypto';
import { accountOf, appId, clientSecret, path, publicUrl, tenants } from './accounts.ts';

export const eventsPerRequest = 10;

/** Signed webhook requests as whole HTTP/1.1 messages: ten property changes each, every event a new one, tenants in turn. */
export function* signedRequests(count: number, now_ms: number, firstEvent: number): Generator<Buffer> {
  for (let at = 0; at < count; at += 1) {
    const body = JSON.stringify(
      Array.from({ length: eventsPerRequest }, (_, place) =>
        event(at % tenants, firstEvent + at * eventsPerRequest + place, now_ms),
      ),
    );
    const signature = createHmac('sha256', clientSecret)
      .update(`POST${publicUrl}${path}${body}${now_ms}`)
      .digest('base64');
    yield Buffer.from(
      `POST ${path} HTTP/1.1\r\nhost: hub.example\r\ncontent-type: application/json\r\n` +
        `user-agent: HubSpot Connect 2.0 (http://dev.hubspot.com/) - WebHooks\r\n` +
        `x-hubspot-signature-v3: ${signature}\r\nx-hubspot-request-timestamp: ${now_ms}\r\n` +
        `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );
  }
}

/** HubSpot docs, webhooks: the generic property change. */
function event(tenant: number, eventId: number, now_ms: number): object {
  return {
    eventId,
    subscriptionId: 1_000_003,
    portalId: accountOf(tenant),
    appId: Number(appId),
    occurredAt: now_ms,
    subscriptionType: 'object.propertyChange',
    attemptNumber: 0,
    changeSource: 'CRM_UI',
    sourceId: 'userId:590001',
    objectTypeId: '0-3',
    objectId: 40_000_000 + (eventId % 5_000),
    propertyName: 'amount',
    propertyValue: String(eventId),
    isSensitive: false,
  };
}
