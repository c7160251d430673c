import { hubspotApp } from '../seed/credentials.ts';
import type { Actor } from './actor.ts';
import { HubspotError } from './errors.ts';
import type { HubspotState } from './state.ts';

/** Resolves a bearer token: a person's own token, or an access token of the app. 401 as HubSpot words it. */
export function authenticate(state: HubspotState, header: string): Actor {
  const token = /^Bearer (\S+)$/i.exec(header)?.[1];
  if (token === undefined) throw unauthorized(missing);
  const portal = state.portals.byPersonToken(token);
  if (portal) return personAt(state, portal.portalId);
  revokeOnFault(state, token);
  const access = state.tokens.access(token);
  if (!access) throw unauthorized(missing);
  const late_ms = state.context.clock.now_ms() - access.expiresAt_ms;
  if (late_ms >= 0) {
    const message = `The OAuth token used to make this call expired ${Math.floor(late_ms / 1000)} second(s) ago.`;
    const context = { 'expire time': [new Date(access.expiresAt_ms).toISOString()] };
    throw new HubspotError(401, 'EXPIRED_AUTHENTICATION', message, { context });
  }
  return {
    kind: 'app',
    portalId: access.portalId,
    source: { changeSource: 'INTEGRATION', sourceId: String(hubspotApp.appId) },
    scopes: access.scopes,
  };
}

/** A person of a portal: the one named, else the first. What they do reads as done in the CRM's own pages. */
export function personAt(state: HubspotState, portalId: number, userId?: number): Actor {
  const user = userId ?? state.portals.owners(portalId)[0]?.userId ?? 0;
  const source = { changeSource: 'CRM_UI', sourceId: `userId:${user}`, userId: user };
  return { kind: 'person', portalId, source, scopes: [] };
}

/** 403 MISSING_SCOPES unless the app was granted one of the scopes (HubSpot docs, scopes). */
export function requireScope(actor: Actor, anyOf: readonly string[]): void {
  if (actor.kind === 'person' || anyOf.some((scope) => actor.scopes.includes(scope))) return;
  const message =
    "This app hasn't been granted all required scopes to make this call. Read more about required scopes here: https://developers.hubspot.com/scopes.";
  const errors = [
    { message: 'One or more of the following scopes are required.', context: { requiredGranularScopes: anyOf } },
  ];
  throw new HubspotError(403, 'MISSING_SCOPES', message, {
    errors,
    links: { scopes: 'https://developers.hubspot.com/scopes' },
  });
}

/** The fault `token.revoke`, seen by the first call that carries a token of its portal. */
export function revokeOnFault(state: HubspotState, token: string): void {
  const portalId = state.tokens.access(token)?.portalId ?? state.tokens.grant(token)?.portalId;
  if (portalId === undefined) return;
  const fault = state.context.faults.take('token.revoke', { portalId: String(portalId) });
  if (fault) state.tokens.revoke((grant) => grant.portalId === portalId, fault.params['accessTokens'] === true);
}

const missing =
  'Authentication credentials not found. This API supports OAuth 2.0 authentication and you can find more details at https://developers.hubspot.com/docs/methods/auth/oauth-overview';

function unauthorized(message: string): HubspotError {
  return new HubspotError(401, 'INVALID_AUTHENTICATION', message);
}
