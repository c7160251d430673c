import type { Clock } from '../../kit/clock.ts';
import type { Faults } from '../../kit/faults.ts';
import type { Collection } from '../../kit/storage.ts';
import { isRevoked } from '../faults.ts';
import type { Org } from '../org/org.ts';
import { oauthClients, type OAuthClient } from './clients.ts';
import { isSignedBy, readClaims } from './jwt-bearer.ts';
import type { Session, Sessions } from './sessions.ts';

/** A refusal of the token endpoint: 400 with `error` and `error_description`. */
export class OAuthError extends Error {
  readonly error: string;

  constructor(error: string, description: string) {
    super(description);
    this.error = error;
  }
}

export interface GrantContext {
  clock: Clock;
  faults: Faults;
  sessions: Sessions;
  orgs: ReadonlyMap<string, Org>;
  /** Public keys (PEM) by client id, registered for the JWT bearer flow. */
  certificates: Collection<string>;
  /** The stand-in's own base URL. */
  baseUrl(): string;
}

/** The longest an assertion may still be valid. Source: Salesforce help, OAuth 2.0 JWT bearer flow (exp within 3 minutes). */
const assertionMax_s = 180;
const audiences = ['https://login.salesforce.com', 'https://test.salesforce.com'];

const clientOf = (clientId: string | undefined): OAuthClient => {
  const client = oauthClients.find((one) => one.clientId === clientId);
  if (!client) throw new OAuthError('invalid_client_id', 'client identifier invalid');
  return client;
};

/** The client with this id and secret. Errors: invalid_client_id, invalid_client. */
export function authenticateClient(clientId: string | undefined, secret: string | undefined): OAuthClient {
  const client = clientOf(clientId);
  if (client.clientSecret !== secret) throw new OAuthError('invalid_client', 'invalid client credentials');
  return client;
}

function open(context: GrantContext, client: OAuthClient, userId: string): Session {
  if (isRevoked(context.faults, client)) throw new OAuthError('invalid_grant', "user hasn't approved this consumer");
  return context.sessions.open({ orgId: client.orgId, clientId: client.clientId, kind: client.kind, userId });
}

/** Client credentials: the session is the client's fixed user's. Source: Salesforce help, OAuth 2.0 client credentials flow. */
export function grantClientCredentials(
  context: GrantContext,
  id: string | undefined,
  secret: string | undefined,
): Session {
  const client = authenticateClient(id, secret);
  const profile = context.orgs.get(client.orgId)?.profile;
  if (!profile) throw new OAuthError('invalid_client_id', 'client identifier invalid');
  return open(context, client, client.kind === 'app' ? profile.integrationUserId : profile.personUserId);
}

/** JWT bearer: an assertion signed with the key registered for the client names the user by `sub`. */
export function grantJwtBearer(context: GrantContext, assertion: string): Session {
  const claims = readClaims(assertion);
  if (!claims) throw new OAuthError('invalid_grant', 'invalid assertion');
  const client = clientOf(claims.iss);
  const pem = context.certificates.get(client.clientId);
  if (!pem || !isSignedBy(assertion, pem)) throw new OAuthError('invalid_grant', 'invalid assertion');
  if (![...audiences, context.baseUrl()].includes(claims.aud))
    throw new OAuthError('invalid_grant', 'audience is invalid');
  const left_s = claims.exp - context.clock.now_ms() / 1000;
  if (left_s <= 0) throw new OAuthError('invalid_grant', 'expired authorization code');
  if (left_s > assertionMax_s)
    throw new OAuthError('invalid_grant', 'invalid assertion: exp is more than 3 minutes ahead');

  const org = context.orgs.get(client.orgId);
  const users = org?.schema.entity('User');
  const username = users?.field('Username');
  const user = org && users && username && org.rows(users).find(username, claims.sub)[0];
  if (!user) throw new OAuthError('invalid_grant', "user hasn't approved this consumer");
  return open(context, client, user.Id);
}
