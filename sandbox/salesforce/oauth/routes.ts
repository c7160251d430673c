import { createHmac } from 'node:crypto';
import { Router } from '@koa/router';
import type Koa from 'koa';
import { apiInstant } from '../instant.ts';
import type { Row } from '../org/row-store.ts';
import { oauthClients } from './clients.ts';
import type { Session } from './sessions.ts';
import {
  authenticateClient,
  grantClientCredentials,
  grantJwtBearer,
  OAuthError,
  type GrantContext,
} from './token-grants.ts';

const scope = 'api';

const form = (ctx: Koa.Context): URLSearchParams => new URLSearchParams((ctx.state['raw'] as Buffer).toString('utf8'));

/** Client id and secret from the body or from Basic authentication. */
function clientCredentials(ctx: Koa.Context, body: URLSearchParams): [string | undefined, string | undefined] {
  const basic = /^Basic (.+)$/i.exec(ctx.get('authorization'))?.[1];
  const [id, secret] = basic ? Buffer.from(basic, 'base64').toString('utf8').split(':').map(decodeURIComponent) : [];
  return [body.get('client_id') ?? id, body.get('client_secret') ?? secret];
}

const bearer = (ctx: Koa.Context): string => /^(?:Bearer|OAuth) (.+)$/i.exec(ctx.get('authorization'))?.[1] ?? '';

/** `/services/oauth2/{token,introspect,revoke,userinfo}` and the identity URL. Source: Salesforce help, OAuth endpoints. */
export function oauthRoutes(context: GrantContext): Router {
  const router = new Router();

  const identityUrl = ({ orgId, userId }: Session): string => `${context.baseUrl()}/id/${orgId}/${userId}`;
  const userOf = ({ orgId, userId }: Session): Row | undefined => context.orgs.get(orgId)?.row(userId);

  function refusing(handler: (ctx: Koa.Context) => void): Koa.Middleware {
    return (ctx) => {
      ctx.set('cache-control', 'no-store');
      try {
        handler(ctx);
      } catch (error) {
        if (!(error instanceof OAuthError)) throw error;
        ctx.status = 400;
        ctx.body = { error: error.error, error_description: error.message };
      }
    };
  }

  function grant(ctx: Koa.Context, body: URLSearchParams): Session {
    switch (body.get('grant_type')) {
      case 'client_credentials':
        return grantClientCredentials(context, ...clientCredentials(ctx, body));
      case 'urn:ietf:params:oauth:grant-type:jwt-bearer':
        return grantJwtBearer(context, body.get('assertion') ?? '');
      default:
        throw new OAuthError('unsupported_grant_type', 'grant type not supported');
    }
  }

  router.post(
    '/services/oauth2/token',
    refusing((ctx) => {
      const session = grant(ctx, form(ctx));
      const id = identityUrl(session);
      const issuedAt = String(session.issuedAt_ms);
      const secret = oauthClients.find((client) => client.clientId === session.clientId)?.clientSecret ?? '';
      ctx.body = {
        access_token: session.accessToken,
        signature: createHmac('sha256', secret)
          .update(id + issuedAt)
          .digest('base64'),
        scope,
        instance_url: context.baseUrl(),
        id,
        token_type: 'Bearer',
        issued_at: issuedAt,
      };
    }),
  );

  router.post(
    '/services/oauth2/introspect',
    refusing((ctx) => {
      const body = form(ctx);
      const client = authenticateClient(...clientCredentials(ctx, body));
      const session = context.sessions.peek(body.get('token') ?? '');
      ctx.body =
        session?.clientId === client.clientId
          ? {
              active: true,
              scope,
              client_id: session.clientId,
              username: userOf(session)?.['Username'],
              sub: identityUrl(session),
              token_type: 'access_token',
              exp: Math.floor(context.sessions.expiresAt_ms(session) / 1000),
              iat: Math.floor(session.issuedAt_ms / 1000),
              nbf: Math.floor(session.issuedAt_ms / 1000),
            }
          : { active: false };
    }),
  );

  const revoke = refusing((ctx) => {
    const token = ctx.method === 'POST' ? form(ctx).get('token') : new URLSearchParams(ctx.querystring).get('token');
    if (!context.sessions.close(token ?? ''))
      throw new OAuthError('unsupported_token_type', 'this token type is not supported');
    ctx.status = 200;
    ctx.body = '';
  });
  router.post('/services/oauth2/revoke', revoke).get('/services/oauth2/revoke', revoke);

  const userinfo: Koa.Middleware = (ctx) => {
    const session = context.sessions.use(bearer(ctx));
    const user = session && userOf(session);
    if (!session || !user) {
      ctx.status = 403;
      ctx.body = 'Bad_OAuth_Token';
      return;
    }
    ctx.body = {
      sub: identityUrl(session),
      user_id: user.Id,
      organization_id: session.orgId,
      preferred_username: user['Username'],
      name: user['Name'],
      email: user['Email'],
      zoneinfo: user['TimeZoneSidKey'],
      active: user['IsActive'],
      user_type: 'STANDARD',
      language: user['LanguageLocaleKey'],
      locale: user['LocaleSidKey'],
      updated_at: user['LastModifiedDate'],
    };
  };
  router.get('/services/oauth2/userinfo', userinfo).post('/services/oauth2/userinfo', userinfo);

  router.get('/id/:orgId/:userId', (ctx) => {
    const session = context.sessions.use(bearer(ctx));
    const { orgId, userId } = ctx['params'] as { orgId: string; userId: string };
    const user = session?.orgId === orgId ? context.orgs.get(orgId)?.row(userId) : undefined;
    if (!session || !user) {
      ctx.status = 403;
      ctx.body = session ? 'Wrong_Org' : 'Bad_OAuth_Token';
      return;
    }
    const rest = `${context.baseUrl()}/services/data/v{version}/`;
    ctx.body = {
      id: `${context.baseUrl()}/id/${orgId}/${userId}`,
      asserted_user: true,
      user_id: user.Id,
      organization_id: orgId,
      username: user['Username'],
      nick_name: user['Alias'],
      display_name: user['Name'],
      email: user['Email'],
      first_name: user['FirstName'] ?? null,
      last_name: user['LastName'],
      timezone: user['TimeZoneSidKey'],
      urls: { rest, sobjects: `${rest}sobjects/`, query: `${rest}query/`, recent: `${rest}recent/` },
      active: user['IsActive'],
      user_type: 'STANDARD',
      language: user['LanguageLocaleKey'],
      locale: user['LocaleSidKey'],
      last_modified_date: user['LastModifiedDate'] ?? apiInstant(context.clock.now_ms()),
    };
  });
  return router;
}
