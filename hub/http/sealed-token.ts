import { createHmac, timingSafeEqual } from 'node:crypto';

/** A short-lived token that says which account its bearer is, signed with a key that only the hub has. */
export class SealedTokens {
  readonly #key: Buffer;

  constructor(key: Buffer) {
    this.#key = key;
  }

  issue(subject: string, expiresAt_ms: number): string {
    const payload = Buffer.from(JSON.stringify({ subject, expiresAt_ms })).toString('base64url');
    return `${payload}.${this.#sign(payload)}`;
  }

  /** The subject, or undefined for a token that is not ours, altered or expired. */
  open(token: string, now_ms: number): string | undefined {
    const [payload, signature, ...rest] = token.split('.');
    if (!payload || !signature || rest.length > 0 || !equal(signature, this.#sign(payload))) return undefined;
    const { subject, expiresAt_ms } = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as {
      subject: string;
      expiresAt_ms: number;
    };
    return now_ms < expiresAt_ms ? subject : undefined;
  }

  #sign(payload: string): string {
    return createHmac('sha256', this.#key).update(`component-token ${payload}`).digest('base64url');
  }
}

/** Constant-time comparison of texts. */
export function equal(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
