import { z } from 'zod';
import type { Grant } from '../../protocol/crm-connector.ts';
import { Invalid, Reconnect, RetryLater } from '../../protocol/errors.ts';
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

interface TokensOptions extends TokenEndpoint {
  saveGrant(grant: Grant): Promise<void>;
  readGrant: (() => Promise<Grant>) | undefined;
}

/** The access token of one account: kept until shortly before its end, renewed by one call at a time. */
export class Tokens {
  readonly #options: TokensOptions;
  #grant: Grant;
  #renewal: Promise<string> | undefined;

  constructor(grant: Grant, options: TokensOptions) {
    this.#grant = grant;
    this.#options = options;
  }

  /** A token to use now. `gated` passes the account's gate. */
  async current(gated: (renew: () => Promise<string>) => Promise<string>): Promise<string> {
    return this.#fresh() ?? this.#renew(gated);
  }

  /** A token other than `refused`, which the vendor no longer takes. */
  async other(refused: string, gated: (renew: () => Promise<string>) => Promise<string>): Promise<string> {
    const { accessToken } = readGrant(this.#grant);
    return accessToken !== undefined && accessToken !== refused ? accessToken : this.#renew(gated);
  }

  async #renew(gated: (renew: () => Promise<string>) => Promise<string>): Promise<string> {
    this.#renewal ??= gated(() => this.#refreshOrTakeOver()).finally(() => {
      this.#renewal = undefined;
    });
    return this.#renewal;
  }

  /** The access token in hand, unless it runs out. */
  #fresh(): string | undefined {
    const { accessToken, expiresAt_ms } = readGrant(this.#grant);
    return Number(expiresAt_ms ?? 0) - margin_ms > this.#options.clock.now_ms() ? accessToken : undefined;
  }

  /** A refresh token that is refused may only be an old one: another process may have renewed the grant since. */
  async #refreshOrTakeOver(): Promise<string> {
    const own = readGrant(this.#grant);
    try {
      return await this.#refresh();
    } catch (error) {
      const stored = error instanceof Reconnect ? await this.#options.readGrant?.() : undefined;
      if (!stored || readGrant(stored).refreshToken === own.refreshToken) throw error;
      this.#grant = stored;
    }
    const theirs = this.#fresh();
    return theirs === undefined || theirs === own.accessToken ? this.#refresh() : theirs;
  }

  async #refresh(): Promise<string> {
    const form = { grant_type: 'refresh_token', refresh_token: readGrant(this.#grant).refreshToken };
    const { grant } = await requestToken(form, this.#options);
    // Stored before first use: a rotated token lost by a crash would lock the account out.
    await this.#options.saveGrant(grant);
    this.#grant = grant;
    return readGrant(grant).accessToken ?? '';
  }
}

/** POSTs to the token endpoint. Throws Reconnect for a revoked grant, Invalid for a wrong app, RetryLater otherwise. */
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
  if (revoked.test(codes)) return new Reconnect('HubSpot no longer accepts the grant of this account.', cause);
  return new Invalid(
    `HubSpot refuses this app: ${body.message || codes}`,
    'Whoever runs Rapport must correct the client id and client secret of the HubSpot app.',
    cause,
  );
}

function readGrant(grant: Grant): z.infer<typeof grantSchema> {
  const parsed = grantSchema.safeParse(grant);
  if (!parsed.success) throw new Reconnect('The stored HubSpot grant has no refresh token.', parsed.error);
  return parsed.data;
}
