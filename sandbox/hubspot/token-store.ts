import { randomBytes, randomUUID } from 'node:crypto';
import type { Collection, Storage } from '../kit/storage.ts';

/** An installation's consent: what a refresh token stands for. */
export interface Grant {
  refreshToken: string;
  portalId: number;
  userId: number;
  scopes: readonly string[];
  revoked: boolean;
}

export interface AccessToken {
  token: string;
  portalId: number;
  userId: number;
  scopes: readonly string[];
  expiresAt_ms: number;
  refreshToken: string;
}

interface Code {
  portalId: number;
  userId: number;
  scopes: readonly string[];
  redirectUri: string;
  expiresAt_ms: number;
}

/** HubSpot docs, OAuth tokens: `expires_in` is 1800. */
export const accessTokenLife_s = 1800;
const codeLife_ms = 60_000;

/** Grants, access tokens and authorization codes of the one app. */
export class TokenStore {
  readonly #grants: Collection<Grant>;
  readonly #access: Collection<AccessToken>;
  readonly #codes: Collection<Code>;
  readonly #now_ms: () => number;

  constructor(storage: Storage, now_ms: () => number) {
    this.#grants = storage.collection('grant');
    this.#access = storage.collection('access-token');
    this.#codes = storage.collection('code');
    this.#now_ms = now_ms;
  }

  grant(refreshToken: string): Grant | undefined {
    return this.#grants.get(refreshToken);
  }

  addGrant(grant: Omit<Grant, 'revoked' | 'refreshToken'>, refreshToken = `na1-${randomUUID()}`): Grant {
    const added = { ...grant, refreshToken, revoked: false };
    this.#grants.set(refreshToken, added);
    return added;
  }

  /** Another refresh token for the grant; the old one is refused from now on. */
  rotate(grant: Grant): Grant {
    this.#grants.set(grant.refreshToken, { ...grant, revoked: true });
    return this.addGrant({ portalId: grant.portalId, userId: grant.userId, scopes: grant.scopes });
  }

  /** A new access token. Long on purpose: HubSpot asks apps to allow for 512 characters. */
  issue(grant: Grant): AccessToken {
    this.#dropExpired();
    const issued: AccessToken = {
      token: `C${randomBytes(225).toString('base64url')}`,
      portalId: grant.portalId,
      userId: grant.userId,
      scopes: grant.scopes,
      expiresAt_ms: this.#now_ms() + accessTokenLife_s * 1000,
      refreshToken: grant.refreshToken,
    };
    this.#access.set(issued.token, issued);
    return issued;
  }

  access(token: string): AccessToken | undefined {
    return this.#access.get(token);
  }

  issueCode(code: Omit<Code, 'expiresAt_ms'>): string {
    const value = randomUUID();
    this.#codes.set(value, { ...code, expiresAt_ms: this.#now_ms() + codeLife_ms });
    return value;
  }

  /** A code works once. */
  takeCode(value: string): Code | undefined {
    const found = this.#codes.get(value);
    if (!found) return undefined;
    this.#codes.delete(value);
    return found.expiresAt_ms > this.#now_ms() ? found : undefined;
  }

  /** The refresh token stops at once; access tokens that are out live to their end, unless `alsoAccess`. */
  revoke(matches: (grant: Grant) => boolean, alsoAccess = false): void {
    for (const grant of this.#grants.values()) {
      if (!matches(grant)) continue;
      this.#grants.set(grant.refreshToken, { ...grant, revoked: true });
      if (!alsoAccess) continue;
      for (const access of this.#access.values()) {
        if (access.refreshToken === grant.refreshToken) this.#access.delete(access.token);
      }
    }
  }

  /** Kept for a day after their end, so that a late call still hears "expired" and not "unknown". */
  #dropExpired(): void {
    for (const access of this.#access.values()) {
      if (access.expiresAt_ms + 86_400_000 < this.#now_ms()) this.#access.delete(access.token);
    }
  }
}
