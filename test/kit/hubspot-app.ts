import { signV2, signV3 } from '../../sandbox/hubspot/signature.ts';
import { hubspotApp } from '../../sandbox/seed/credentials.ts';

/** How a request of HubSpot's servers is made wrong; what is left out is as HubSpot makes it. */
export interface Signing {
  timestamp_ms?: number;
  secret?: string;
  /** The URL that is signed, where it is not the one called. */
  signedUrl?: string;
  signedBody?: string;
  headers?: Record<string, string>;
}

/** A call as HubSpot's servers make it, signed with version 3. */
export function callAsHubspot(
  method: 'GET' | 'POST',
  url: string,
  body: string | undefined,
  signing: Signing = {},
): Promise<Response> {
  const timestamp_ms = signing.timestamp_ms ?? Date.now();
  const signed = { method, uri: signing.signedUrl ?? url, body: signing.signedBody ?? body ?? '' };
  return fetch(url, {
    method,
    headers: {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      'x-hubspot-signature-v3': signV3(signing.secret ?? hubspotApp.clientSecret, signed, timestamp_ms),
      'x-hubspot-request-timestamp': String(timestamp_ms),
      ...signing.headers,
    },
    ...(body !== undefined && { body }),
  });
}

/** A workflow step's call, signed with version 2. */
export function callActionAsHubspot(
  url: string,
  body: string,
  secret: string = hubspotApp.clientSecret,
): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-hubspot-signature-version': 'v2',
      'x-hubspot-signature': signV2(secret, { method: 'POST', uri: url, body }),
    },
    body,
  });
}

/** One event of a HubSpot webhook delivery: a change of a property of a deal. */
export function propertyChange(more: Record<string, unknown>): Record<string, unknown> {
  return {
    eventId: 1,
    subscriptionId: 1_000_001,
    portalId: 8_801_001,
    appId: hubspotApp.appId,
    occurredAt: Date.now(),
    subscriptionType: 'object.propertyChange',
    attemptNumber: 0,
    changeSource: 'CRM_UI',
    sourceId: 'userId:500001',
    objectTypeId: '0-3',
    objectId: 1,
    propertyName: 'hs_next_step',
    propertyValue: 'Call',
    isSensitive: false,
    ...more,
  };
}
