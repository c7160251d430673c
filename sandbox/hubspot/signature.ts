import { createHash, createHmac } from 'node:crypto';

export interface SignedRequest {
  method: string;
  /** Scheme, host, path and query, exactly as called. */
  uri: string;
  body: string;
}

/** HubSpot docs, request validation: only these escapes of the URI are decoded before signing. */
const decoded: Record<string, string> = {
  '%3A': ':',
  '%2F': '/',
  '%3F': '?',
  '%40': '@',
  '%21': '!',
  '%24': '$',
  '%27': "'",
  '%28': '(',
  '%29': ')',
  '%2A': '*',
  '%2C': ',',
  '%3B': ';',
};

/** `X-HubSpot-Signature-v3`: base64 HMAC-SHA256 of method, URI, body and the timestamp header. */
export function signV3(secret: string, request: SignedRequest, timestamp_ms: number): string {
  const uri = request.uri.replaceAll(/%[0-9A-F]{2}/gi, (escape) => decoded[escape.toUpperCase()] ?? escape);
  return createHmac('sha256', secret)
    .update(request.method + uri + request.body + timestamp_ms)
    .digest('base64');
}

/** Version 2: hex SHA-256 of secret, method, URI and body. */
export function signV2(secret: string, request: SignedRequest): string {
  return createHash('sha256')
    .update(secret + request.method + request.uri + request.body)
    .digest('hex');
}

/** Version 1: hex SHA-256 of secret and body. */
export function signV1(secret: string, body: string): string {
  return createHash('sha256')
    .update(secret + body)
    .digest('hex');
}
