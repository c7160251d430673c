/** What an External Credential holds: the client of the org's own back end. */
export interface Credential {
  clientId: string;
  clientSecret: string;
}

/** A token is renewed this long before it ends, so that none ends on the way. */
const MARGIN_MS = 30_000;

/**
 * Tokens of the OAuth client-credentials flow, one per org, kept until they end: what an External Credential of that
 * kind does (Salesforce help: Named Credentials, OAuth 2.0 client credentials with a client secret).
 */
export class HubTokens {
  readonly #tokenUrl: string;
  readonly #tokens = new Map<string, { token: string; endsAt_ms: number }>();

  constructor(tokenUrl: string) {
    this.#tokenUrl = tokenUrl;
  }

  /** @throws if the token endpoint refuses or cannot be reached. */
  async get(orgId: string, { clientId, clientSecret }: Credential): Promise<string> {
    const kept = this.#tokens.get(orgId);
    if (kept && kept.endsAt_ms > Date.now()) return kept.token;
    const response = await fetch(this.#tokenUrl, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}` },
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
    });
    if (!response.ok) throw new Error(`The token endpoint answered ${response.status}.`);
    const { access_token, expires_in } = (await response.json()) as { access_token: string; expires_in: number };
    this.#tokens.set(orgId, { token: access_token, endsAt_ms: Date.now() + expires_in * 1_000 - MARGIN_MS });
    return access_token;
  }

  /** Forgets a token that was refused. */
  drop(orgId: string): void {
    this.#tokens.delete(orgId);
  }
}
