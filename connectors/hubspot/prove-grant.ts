import { z } from 'zod';
import type { CrmConnector, Grant } from '../../protocol/crm-connector.ts';
import { Reconnect } from '../../protocol/errors.ts';
import { Calls } from './calls.ts';
import { Tokens, type TokenEndpoint } from './tokens.ts';
import { path } from './version.ts';

/** Of `PortalInformationResponse` of HubSpot's OpenAPI file for account information; every grant shows it. */
const answer = z.looseObject({ portalId: z.number().transform(String) });

/** Renews the grant and asks which portal it opens. An access token that came with it is not used: it may be of another. */
export async function proveGrant(
  endpoint: TokenEndpoint,
  { accountId, grant, gate }: Parameters<CrmConnector['proveGrant']>[0],
): Promise<Grant> {
  const { accessToken: _, expiresAt_ms: __, ...given } = grant;
  let renewed: Grant = given;
  const tokens = new Tokens(given, {
    ...endpoint,
    accountId,
    saveGrant: async (next) => void (renewed = next),
    readGrant: undefined,
    renewAlone: (renew) => renew(),
  });
  const { portalId } = await new Calls({ ...endpoint, gate, tokens }).call({
    method: 'GET',
    path: path('account-info', 'details'),
    effect: 'read',
    object: 'account',
    count: 1,
    purpose: { lane: 'interactive', what: 'reconnect' },
    answer,
  });
  if (portalId !== accountId)
    throw new Reconnect(`The grant for portal ${accountId} opens another portal, ${portalId}.`);
  return renewed;
}
