import { isDeepStrictEqual } from 'node:util';
import { Connection, OAuth2 } from 'jsforce';
import { z } from 'zod';
import type { Grant } from '../../protocol/crm-connector.ts';
import { Reconnect, type RapportError } from '../../protocol/errors.ts';
import type { Clock } from '../../protocol/ports/clock.ts';
import { unanswered } from '../../protocol/unanswered.ts';
import { isAllowedUrl, type AllowedHosts } from './allowed-url.ts';
import { jwtAssertion } from './jwt-assertion.ts';
import { apiVersion } from './version.ts';
import { within } from './within.ts';

/** An authorised connection to one org. */
export interface Session {
  connection: Connection;
  accessToken: string;
  instanceUrl: string;
  /** 18 characters. */
  orgId: string;
  /** The integration user: what it changes, we change. */
  userId: string;
}

export interface SessionOptions {
  accountId: string;
  grant: Grant;
  saveGrant(grant: Grant): Promise<void>;
  readGrant: (() => Promise<Grant>) | undefined;
  hosts: AllowedHosts;
  /** Comes back as the client of a change's origin. */
  clientName: string;
  clock: Clock;
  timeout_ms: number;
}

const grantSchema = z.union([
  z.looseObject({ clientId: z.string(), clientSecret: z.string(), loginUrl: z.string().optional() }),
  z.looseObject({
    clientId: z.string(),
    username: z.string(),
    privateKey: z.string(),
    loginUrl: z.string().optional(),
  }),
]);

/** Salesforce help, "OAuth endpoints": the token answer; `id` is the identity URL, ending in org and user. */
const tokenAnswer = z.looseObject({ access_token: z.string(), instance_url: z.string(), id: z.string() });

/** The org took the grant back: only a person changes that. */
class Revoked extends Reconnect {}

/** Passes the account's gate. */
export type Gated = (authorize: () => Promise<Session>) => Promise<Session>;

/**
 * The session of one account, opened by one call at a time. jsforce is given no refresh function of its own: it would
 * repeat a call for as long as the vendor answers 401.
 */
export class Sessions {
  readonly #options: SessionOptions;
  #session: Session | undefined;
  #opening: Promise<Session> | undefined;
  /** Why the grant was taken back. */
  #revoked: string | undefined;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#revoked = options.grant['revoked'];
  }

  /** Throws Reconnect, without a call, once the grant was revoked. */
  async current(gated: Gated): Promise<Session> {
    if (this.#revoked !== undefined) throw new Reconnect(this.#revoked);
    return this.#session ?? this.#open(gated);
  }

  /** A session other than `refused`, which the vendor no longer takes. */
  async other(refused: Session, gated: Gated): Promise<Session> {
    if (this.#session === refused) this.#session = undefined;
    return this.current(gated);
  }

  async #open(gated: Gated): Promise<Session> {
    this.#opening ??= gated(() => authorize(this.#options))
      .catch((error: unknown) => this.#noteRevoked(error))
      .finally(() => {
        this.#opening = undefined;
      });
    this.#session = await this.#opening;
    return this.#session;
  }

  /** Stored, so that no other process asks with this grant again. */
  async #noteRevoked(error: unknown): Promise<never> {
    if (error instanceof Revoked) {
      this.#session = undefined;
      this.#revoked = error.message;
      const { grant } = this.#options;
      const stored = (await this.#options.readGrant?.()) ?? grant;
      // A grant that replaced it meanwhile is another's to judge.
      if (isDeepStrictEqual(stored, grant)) await this.#options.saveGrant({ ...grant, revoked: error.message });
    }
    throw error;
  }
}

async function authorize(options: SessionOptions): Promise<Session> {
  const { accountId, hosts, clientName, clock } = options;
  const parsed = grantSchema.safeParse(options.grant);
  if (!parsed.success) {
    throw new Reconnect('The Salesforce grant has neither a client secret nor a private key.', parsed.error);
  }
  const grant = parsed.data;
  const loginUrl = grant.loginUrl ?? hosts.loginUrl;
  if (!isAllowedUrl(loginUrl, hosts)) throw notAllowed(loginUrl);
  const answer = tokenAnswer.safeParse(await requestToken(grant, loginUrl, options));
  if (!answer.success) throw unanswered('Salesforce', answer.error, 'read', clock.now_ms());
  const { access_token: accessToken, instance_url: instanceUrl, id } = answer.data;
  if (!isAllowedUrl(instanceUrl, hosts)) throw notAllowed(instanceUrl);
  const [orgId = '', userId = ''] = id.split('/').slice(-2);
  if (orgId.slice(0, 15) !== accountId.slice(0, 15)) {
    throw new Reconnect(`The grant of org ${accountId} opens another org, ${orgId}.`);
  }
  const connection = new Connection({
    loginUrl,
    instanceUrl,
    accessToken,
    version: apiVersion,
    callOptions: { client: clientName },
  });
  return { connection, accessToken, instanceUrl, orgId, userId };
}

function notAllowed(url: string): Reconnect {
  return new Reconnect(
    `${url} is not an address of Salesforce that Rapport may send a token to.`,
    undefined,
    "Whoever runs Rapport must add the host to the allowed Salesforce hosts, if it is the customer's own.",
  );
}

async function requestToken(
  grant: z.infer<typeof grantSchema>,
  loginUrl: string,
  options: SessionOptions,
): Promise<unknown> {
  const { clock, timeout_ms } = options;
  const { clientId } = grant;
  try {
    if ('clientSecret' in grant && typeof grant.clientSecret === 'string') {
      const oauth2 = new OAuth2({ loginUrl, clientId, clientSecret: grant.clientSecret });
      return await within(oauth2.requestToken({ grant_type: 'client_credentials' }), timeout_ms, clock);
    }
    const { username, privateKey } = grant as { username: string; privateKey: string };
    const assertion = jwtAssertion({ clientId, username, audience: loginUrl }, privateKey, clock.now_ms());
    const grant_type = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
    return await within(new OAuth2({ loginUrl }).requestToken({ grant_type, assertion }), timeout_ms, clock);
  } catch (error) {
    throw refused(error, clock.now_ms());
  }
}

/** Salesforce help, "OAuth 2.0 errors": answers that stay the same until an admin acts. */
const revokedCodes =
  /^(invalid_grant|invalid_client|invalid_client_id|invalid_client_credentials|inactive_user|inactive_org|unauthorized_client|access_denied|app_access_denied)$/;

/** jsforce throws an error whose name is the OAuth error; the client's own secrets are part of the account's grant. */
function refused(error: unknown, now_ms: number): RapportError {
  const name = error instanceof Error ? error.name : '';
  const passing = /^(ERROR_HTTP_(429|5\d\d)|server_error|temporarily_unavailable|rate_limit_exceeded)$/.test(name);
  const isOAuth = /^(ERROR_HTTP_4\d\d|[a-z]+(_[a-z]+)+)$/.test(name);
  if (passing || !isOAuth) return unanswered('Salesforce', error, 'read', now_ms);
  const message = `Salesforce no longer accepts the grant of this account: ${name}`;
  return revokedCodes.test(name) ? new Revoked(message, error) : new Reconnect(`${message}, ${String(error)}`, error);
}
