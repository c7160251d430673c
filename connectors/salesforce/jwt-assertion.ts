import { sign } from 'node:crypto';

/** Salesforce help, "OAuth 2.0 JWT bearer flow": `exp` lies within three minutes. */
const life_s = 120;

/** An RS256 assertion for the JWT bearer flow; jsforce does not build one. Throws when the key is no private key. */
export function jwtAssertion(
  claims: { clientId: string; username: string; audience: string },
  privateKey: string,
  now_ms: number,
): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const exp = Math.floor(now_ms / 1000) + life_s;
  const head = part({ alg: 'RS256' });
  const body = part({ iss: claims.clientId, sub: claims.username, aud: claims.audience, exp });
  const signature = sign('RSA-SHA256', Buffer.from(`${head}.${body}`), privateKey);
  return `${head}.${body}.${signature.toString('base64url')}`;
}
