import { z } from 'zod';
import type { Grant } from '../../protocol/crm-connector.ts';
import { Reconnect, RetryLater } from '../../protocol/errors.ts';
import type { Clock } from '../../protocol/ports/clock.ts';
import { unanswered } from '../../protocol/unanswered.ts';
import { HubspotAnswer, readErrorBody, retryAfter_ms } from './errors.ts';
import type { Answer, Exchanges } from './exchange.ts';
import { path } from './version.ts';

/** HubSpot's OpenAPI file for oauth: AccessTokenResponse. */
const tokenAnswer = z.looseObject({
  access_token: z.string(),
  refresh_token: z.string(),
  expires_in: z.number(),
  hub_id: z.number().transform(String).optional(),
});

const grantSchema = z.looseObject({
  refreshToken: z.string(),
  accessToken: z.string().optional(),
  expiresAt_ms: z.string().optional(),
  revoked: z.string().optional(),
});

export interface App {
  clientId: string;
  clientSecret: string;
}

/** What a token request needs. */
export interface TokenEndpoint {
  app: App;
  exchanges: Exchanges;
  clock: Clock;
}

/** Renewed this long before it runs out, so that a call under way does not meet its end. */
const margin_ms = 60_000;

/** The account took the grant back: only a person changes that. */
class Revoked extends Reconnect {}

interface TokensOptions extends TokenEndpoint {
  accountId: string;
  saveGrant(grant: Grant): Promise<void>;
  readGrant: (() => Promise<Grant>) | undefined;
  renewAlone: <T>(renew: () => Promise<T>) => Promise<T>;
}

type Gated = (renew: () => Promise<string>) => Promise<string>;

/** The access token of one account: kept until shortly before its end, renewed by one call at a time over all processes. */
export class Tokens {
  readonly #options: TokensOptions;
  #grant: Grant;
  /** Given by HubSpot, and not stored yet because the store did not answer. */
  #unsaved: Grant | undefined;
  #renewal: Promise<string> | undefined;

  constructor(grant: Grant, options: TokensOptions) {
    this.#grant = grant;
    this.#options = options;
  }

  /** A token to use now. `gated` passes the account's gate. Throws Reconnect, without a call, once the grant was revoked. */
  async current(gated: Gated): Promise<string> {
    this.#refuseRevoked();
    return this.#fresh() ?? this.#renew(gated, undefined);
  }

  /** A token other than `refused`, which the vendor no longer takes. */
  async other(refused: string, gated: Gated): Promise<string> {
    this.#refuseRevoked();
    const { accessToken } = readGrant(this.#grant);
    return accessToken !== undefined && accessToken !== refused ? accessToken : this.#renew(gated, refused);
  }

  async #renew(gated: Gated, refused: string | undefined): Promise<string> {
    this.#renewal ??= this.#options
      .renewAlone(() => this.#takeOverOrRefresh(gated, refused))
      .finally(() => {
        this.#renewal = undefined;
      });
    return this.#renewal;
  }

  /** The access token in hand, unless it runs out. */
  #fresh(): string | undefined {
    const { accessToken, expiresAt_ms } = readGrant(this.#grant);
    return Number(expiresAt_ms ?? 0) - margin_ms > this.#options.clock.now_ms() ? accessToken : undefined;
  }

  #refuseRevoked(): void {
    const { revoked } = readGrant(this.#grant);
    if (revoked !== undefined) throw new Reconnect(revoked);
  }

  /** Another process may have renewed the grant since, or found it revoked: either saves the call. */
  async #takeOverOrRefresh(gated: Gated, refused: string | undefined): Promise<string> {
    if (this.#unsaved) await this.#save(this.#unsaved);
    else this.#grant = (await this.#options.readGrant?.()) ?? this.#grant;
    this.#refuseRevoked();
    const theirs = this.#fresh();
    if (theirs !== undefined && theirs !== refused) return theirs;
    const { refreshToken } = readGrant(this.#grant);
    try {
      return await gated(() => this.#refresh());
    } catch (error) {
      if (!(error instanceof Revoked)) throw error;
      // A process that was late may have renewed it meanwhile all the same.
      const stored = await this.#options.readGrant?.();
      if (!stored || readGrant(stored).refreshToken === refreshToken) {
        await this.#save({ ...this.#grant, revoked: error.message });
        throw error;
      }
      this.#grant = stored;
    }
    return this.#fresh() ?? gated(() => this.#refresh());
  }

  async #refresh(): Promise<string> {
    const form = { grant_type: 'refresh_token', refresh_token: readGrant(this.#grant).refreshToken };
    const { accountId, grant } = await requestToken(form, this.#options);
    if (accountId !== undefined && accountId !== this.#options.accountId)
      throw new Revoked(`The grant of portal ${this.#options.accountId} opens another portal, ${accountId}.`);
    await this.#save(grant);
    return readGrant(grant).accessToken ?? '';
  }

  /** Stored before first use: a rotated token lost by a crash would lock the account out. */
  async #save(grant: Grant): Promise<void> {
    this.#unsaved = grant;
    await this.#options.saveGrant(grant);
    this.#unsaved = undefined;
    this.#grant = grant;
  }
}

/** POSTs to the token endpoint. Throws Reconnect for a revoked grant and for a wrong app, RetryLater otherwise. */
export async function requestToken(
  form: Readonly<Record<string, string>>,
  options: TokenEndpoint,
): Promise<{ accountId: string | undefined; grant: Grant }> {
  const { app, exchanges, clock } = options;
  let answer: Answer;
  try {
    const whole = { ...form, client_id: app.clientId, client_secret: app.clientSecret };
    answer = await exchanges.send({ method: 'POST', path: path('oauth', 'token'), form: whole });
  } catch (error) {
    throw unanswered('HubSpot', error, 'read', clock.now_ms());
  }
  if (answer.status >= 400) throw refused(answer, clock.now_ms());
  const parsed = tokenAnswer.safeParse(answer.body);
  if (!parsed.success) throw unanswered('HubSpot', parsed.error, 'read', clock.now_ms());
  const { access_token, refresh_token, expires_in, hub_id } = parsed.data;
  const expiresAt_ms = String(clock.now_ms() + expires_in * 1000);
  return { accountId: hub_id, grant: { refreshToken: refresh_token, accessToken: access_token, expiresAt_ms } };
}

/** Answers that mean that the account's admin took the grant back; any other 4xx is the app's own settings. */
const revoked = /invalid_grant|BAD_REFRESH_TOKEN|BAD_AUTH_CODE|BAD_HUB|access_denied/i;

function refused(answer: Answer, now_ms: number): Error {
  const body = readErrorBody(answer.body);
  const cause = new HubspotAnswer(answer.status, body);
  if (answer.status === 429 || answer.status >= 423) {
    return new RetryLater(cause.message, now_ms + retryAfter_ms(answer.status, answer.headers, body), cause);
  }
  const { error, status } = body as { error?: unknown; status?: unknown };
  const codes = [error, status, body.category, body.subCategory, body.message].map(String).join(' ');
  if (revoked.test(codes)) return new Revoked('HubSpot no longer accepts the grant of this account.', cause);
  return new Reconnect(
    `HubSpot refuses this app: ${body.message || codes}`,
    cause,
    'Whoever runs Rapport must correct the client id and client secret of the HubSpot app.',
  );
}

function readGrant(grant: Grant): z.infer<typeof grantSchema> {
  const parsed = grantSchema.safeParse(grant);
  if (!parsed.success) throw new Reconnect('The HubSpot grant has no refresh token.', parsed.error);
  return parsed.data;
}
