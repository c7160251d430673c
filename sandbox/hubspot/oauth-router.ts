import { Router } from '@koa/router';
import type Koa from 'koa';
import { z } from 'zod';
import { hubspotApp } from '../seed/credentials.ts';
import { revokeOnFault } from './authentication.ts';
import { checked, checkVersion } from './http.ts';
import type { HubspotState } from './state.ts';
import { accessTokenLife_s, type AccessToken, type Grant } from './token-store.ts';

const text = z.string().min(1);
const client = { client_id: z.string().default(''), client_secret: z.string().default('') };

const tokenForm = z.discriminatedUnion('grant_type', [
  z.strictObject({ grant_type: z.literal('refresh_token'), ...client, refresh_token: z.string().default('') }),
  z.strictObject({
    grant_type: z.literal('authorization_code'),
    ...client,
    code: z.string().default(''),
    redirect_uri: z.string().default(''),
    code_verifier: z.string().optional(),
  }),
]);

const aboutForm = z.strictObject({ ...client, token: text, token_type_hint: z.string().optional() });

const authorizeQuery = z.strictObject({
  client_id: text,
  redirect_uri: text,
  scope: text,
  optional_scope: z.string().default(''),
  state: z.string().optional(),
  portalId: z.coerce.number().int().optional(),
});

/** The OAuth endpoints (HubSpot docs, "Managing OAuth tokens"; OpenAPI oauth.json). Errors have a shape of their own. */
export function oauthRouter(state: HubspotState): Router {
  const router = new Router();
  router.param('version', checkVersion);
  router.post('/oauth/:version/token', (ctx) => token(state, ctx));
  router.post('/oauth/:version/token/introspect', (ctx) => introspect(state, ctx));
  router.post('/oauth/:version/token/revoke', (ctx) => revoke(state, ctx));
  router.get('/oauth/authorize', (ctx) => authorize(state, ctx));
  router.get('/oauth/:portalId/authorize', (ctx) => authorize(state, ctx, Number(ctx.params['portalId'])));
  return router;
}

function refuse(ctx: Koa.Context, error: string, status: string, message: string): void {
  ctx.status = 400;
  ctx.body = { error, error_description: message, status, message };
}

function form(ctx: Koa.Context): Record<string, string> {
  return Object.fromEntries(new URLSearchParams((ctx.state['raw'] as Buffer).toString('utf8')));
}

function isOurClient(ctx: Koa.Context, given: { client_id: string; client_secret: string }): boolean {
  if (given.client_id !== hubspotApp.clientId) {
    refuse(ctx, 'invalid_client', 'BAD_CLIENT_ID', 'missing or invalid client id');
    return false;
  }
  if (given.client_secret !== hubspotApp.clientSecret) {
    refuse(ctx, 'invalid_client', 'BAD_CLIENT_SECRET', 'missing or invalid client secret');
    return false;
  }
  return true;
}

function token(state: HubspotState, ctx: Koa.Context): void {
  if (!ctx.is('urlencoded')) return refuse(ctx, 'invalid_request', 'BAD_REQUEST', 'send a form-encoded body');
  const given = checked(tokenForm, form(ctx));
  if (!isOurClient(ctx, given)) return undefined;
  if (given.grant_type === 'refresh_token') {
    revokeOnFault(state, given.refresh_token);
    const grant = state.tokens.grant(given.refresh_token);
    if (!grant || grant.revoked) {
      return refuse(ctx, 'invalid_grant', 'BAD_REFRESH_TOKEN', 'refresh token is invalid, expired or revoked');
    }
    const rotates = state.context.faults.take('token.rotate', { portalId: String(grant.portalId) });
    const current = rotates ? state.tokens.rotate(grant) : grant;
    return answer(ctx, current, state.tokens.issue(current));
  }
  const code = state.tokens.takeCode(given.code);
  if (!code) return refuse(ctx, 'invalid_grant', 'BAD_AUTH_CODE', 'missing or unknown auth code');
  if (code.redirectUri !== given.redirect_uri) {
    return refuse(ctx, 'invalid_grant', 'BAD_REDIRECT_URI', 'missing or invalid redirect uri');
  }
  const grant = state.tokens.addGrant(code);
  const portal = state.portals.get(code.portalId);
  if (portal) state.portals.put({ ...portal, installed: true });
  return answer(ctx, grant, state.tokens.issue(grant));
}

/** The `AccessTokenResponse` schema. */
function answer(ctx: Koa.Context, grant: Grant, access: AccessToken): void {
  ctx.body = {
    access_token: access.token,
    refresh_token: grant.refreshToken,
    expires_in: accessTokenLife_s,
    token_type: 'bearer',
    token_use: 'access_token',
    hub_id: grant.portalId,
    user_id: grant.userId,
    scopes: grant.scopes,
  };
}

function introspect(state: HubspotState, ctx: Koa.Context): void {
  const given = checked(aboutForm, form(ctx));
  if (!isOurClient(ctx, given)) return;
  const access = state.tokens.access(given.token);
  const found = access ?? state.tokens.grant(given.token);
  if (!found) {
    ctx.status = 404;
    ctx.body = { status: 'error', message: 'token not found' };
    return;
  }
  const live = access ? access.expiresAt_ms > state.context.clock.now_ms() : !state.tokens.grant(given.token)?.revoked;
  ctx.body = {
    active: live,
    token: given.token,
    token_type: access ? 'bearer' : 'refresh',
    token_use: access ? 'access_token' : 'refresh_token',
    app_id: hubspotApp.appId,
    client_id: hubspotApp.clientId,
    hub_id: found.portalId,
    user_id: found.userId,
    scopes: found.scopes,
    ...(access && {
      expires_in: Math.max(0, Math.floor((access.expiresAt_ms - state.context.clock.now_ms()) / 1000)),
      is_private_distribution: true,
    }),
  };
}

/** Revoking a refresh token leaves an access token that is out alive for up to half an hour. */
function revoke(state: HubspotState, ctx: Koa.Context): void {
  const given = checked(aboutForm, form(ctx));
  if (!isOurClient(ctx, given)) return;
  state.tokens.revoke((grant) => grant.refreshToken === given.token);
  ctx.status = 204;
}

/** The consent page, approved at once by the portal's first user. A scope that does not fit the app blocks the install. */
function authorize(state: HubspotState, ctx: Koa.Context, atPortal?: number): void {
  const query = checked(authorizeQuery, ctx.query);
  const portalId = atPortal ?? query.portalId ?? state.portals.all()[0]?.portalId ?? 0;
  const owner = state.portals.owners(portalId)[0];
  const asked = query.scope.split(' ').filter(Boolean);
  const optional = query.optional_scope.split(' ').filter(Boolean);
  const stop = (message: string): void => {
    ctx.status = 400;
    ctx.body = `Authorization failed: ${message}`;
  };
  if (query.client_id !== hubspotApp.clientId) return stop('there is no app with this client id');
  if (!owner) return stop(`there is no account ${portalId}`);
  const { project } = state;
  if (project) {
    if (!project.redirectUrls.includes(query.redirect_uri)) return stop('the redirect URL is not one of the app');
    const absent = project.requiredScopes.filter((scope) => !asked.includes(scope));
    const stray = [...asked, ...optional].filter(
      (scope) => ![...project.requiredScopes, ...project.optionalScopes].includes(scope),
    );
    if (absent.length > 0 || stray.length > 0) {
      return stop(`the scopes do not fit the app: missing [${absent.join(' ')}], not the app's [${stray.join(' ')}]`);
    }
  }
  const scopes = [...asked, ...optional];
  const code = state.tokens.issueCode({ portalId, userId: owner.userId, scopes, redirectUri: query.redirect_uri });
  const back = new URL(query.redirect_uri);
  back.searchParams.set('code', code);
  if (query.state !== undefined) back.searchParams.set('state', query.state);
  return ctx.redirect(back.toString());
}
