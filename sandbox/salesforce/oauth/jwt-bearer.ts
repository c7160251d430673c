import { createPublicKey, verify, X509Certificate } from 'node:crypto';

export interface Claims {
  iss: string;
  sub: string;
  aud: string;
  exp: number;
}

/** The key in a PEM text, be it a certificate or a public key; throws on anything else. */
export function readPublicKey(pem: string) {
  return pem.includes('BEGIN CERTIFICATE') ? new X509Certificate(pem).publicKey : createPublicKey(pem);
}

const json = (part: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) as Record<string, unknown>;

/** The claims of an assertion, not yet verified, or undefined if it is no RS256 JWT. */
export function readClaims(assertion: string): Claims | undefined {
  const [head, body, signature] = assertion.split('.');
  if (!head || !body || !signature) return undefined;
  try {
    const claims = json(body);
    if (json(head)['alg'] !== 'RS256') return undefined;
    const { iss, sub, aud, exp } = claims;
    if (typeof iss !== 'string' || typeof sub !== 'string' || typeof exp !== 'number') return undefined;
    return { iss, sub, exp, aud: Array.isArray(aud) ? String(aud[0]) : String(aud) };
  } catch {
    return undefined;
  }
}

/** Whether the key signed the assertion. */
export function isSignedBy(assertion: string, publicKeyPem: string): boolean {
  const at = assertion.lastIndexOf('.');
  const signature = Buffer.from(assertion.slice(at + 1), 'base64url');
  return verify('RSA-SHA256', Buffer.from(assertion.slice(0, at)), readPublicKey(publicKeyPem), signature);
}
