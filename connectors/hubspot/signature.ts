import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { RawRequest } from '../../protocol/crm-connector.ts';
import { Unverified } from '../../protocol/errors.ts';

/** What a signature is checked against. */
export interface SignatureKey {
  clientSecret: string;
  /** Scheme, host and optional path that HubSpot was told to call; never taken from the request's headers. */
  publicUrl: string;
}

/** A signed request may be this old, or this far ahead of our clock (HubSpot docs: request validation, 5 minutes). */
const window_ms = 5 * 60_000;

/**
 * HubSpot docs, "Validate requests", v3: base64 of HMAC-SHA256 over method + URI + raw body + timestamp.
 * Throws Unverified. Looks at bytes only; nothing is parsed.
 */
export function verifyV3(request: RawRequest, key: SignatureKey, now_ms: number): void {
  const signature = request.headers['x-hubspot-signature-v3'];
  const timestamp = request.headers['x-hubspot-request-timestamp'];
  if (signature === undefined) throw refused('no X-HubSpot-Signature-v3 header');
  if (timestamp === undefined || !/^\d{1,15}$/.test(timestamp)) throw refused('no usable X-HubSpot-Request-Timestamp');
  if (Math.abs(now_ms - Number(timestamp)) > window_ms) throw refused('the timestamp is more than 5 minutes off');
  const expected = createHmac('sha256', key.clientSecret)
    .update(request.method + signedUri(request, key))
    .update(request.body)
    .update(timestamp)
    .digest('base64');
  if (!sameText(signature, expected)) throw refused('the v3 signature does not match');
}

/**
 * HubSpot docs, "Validate requests", v2: hex SHA-256 over secret + method + URI + raw body. It has no time, so that a
 * repeat passes: used only for workflow actions, whose callback id makes a repeat harmless. Throws Unverified.
 */
export function verifyV2(request: RawRequest, key: SignatureKey): void {
  const signature = request.headers['x-hubspot-signature'];
  if (signature === undefined) throw refused('no X-HubSpot-Signature header');
  if (request.headers['x-hubspot-signature-version'] !== 'v2') throw refused('the signature version is not v2');
  const expected = createHash('sha256')
    .update(key.clientSecret + request.method + key.publicUrl + request.target)
    .update(request.body)
    .digest('hex');
  if (!sameText(signature, expected)) throw refused('the v2 signature does not match');
}

function signedUri(request: RawRequest, key: SignatureKey): string {
  return key.publicUrl + request.target.replace(/%(?:3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)/g, decodeURIComponent);
}

/** Compares the texts, not what they encode: base64 has several spellings of the same bytes. */
function sameText(given: string, expected: string): boolean {
  const a = Buffer.from(given);
  const b = Buffer.from(expected);
  return a.length === b.length && timingSafeEqual(a, b);
}

function refused(why: string): Unverified {
  const remedy =
    'If this request came from HubSpot, check that PUBLIC_URL is the address entered there and that the client secret is the current one.';
  return new Unverified(`Not accepted as a request of HubSpot: ${why}.`, remedy);
}
