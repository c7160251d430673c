import type { Context, Middleware } from 'koa';
import type { Faults } from '../../kit/faults.ts';
import { ApiError } from '../api-error.ts';
import { isRevoked } from '../faults.ts';
import type { Session, Sessions } from '../oauth/sessions.ts';
import type { Org } from '../org/org.ts';
import type { ApiAnswer, ApiRequest } from './api.ts';
import type { ApiUsage } from './api-usage.ts';
import { isServed, versionList } from './versions.ts';
import type { RestApi } from './rest-api.ts';

export interface RestMiddlewareParts {
  api: RestApi;
  sessions: Sessions;
  usage: ApiUsage;
  faults: Faults;
  orgs: ReadonlyMap<string, Org>;
}

const expired = (): ApiError => new ApiError(401, 'INVALID_SESSION_ID', 'Session expired or invalid');

function answer(ctx: Context, { status, body, csv, headers }: ApiAnswer): void {
  ctx.status = status;
  for (const [name, value] of Object.entries(headers ?? {})) ctx.set(name, value);
  if (csv !== undefined) {
    ctx.type = 'text/csv;charset=UTF-8';
    ctx.body = csv;
  } else if (body === undefined) {
    ctx.body = null;
    ctx.status = status;
  } else {
    ctx.type = 'application/json;charset=UTF-8';
    ctx.body = JSON.stringify(body);
  }
}

function toRequest(ctx: Context, version: string, path: string): ApiRequest {
  const text = (): string => (ctx.state['raw'] as Buffer).toString('utf8');
  return {
    method: ctx.method,
    path,
    version,
    query: new URLSearchParams(ctx.querystring),
    header: (name) => ctx.get(name),
    text,
    body: () => {
      try {
        return JSON.parse(text()) as unknown;
      } catch (error) {
        throw new ApiError(400, 'JSON_PARSER_ERROR', error instanceof Error ? error.message : 'invalid JSON');
      }
    },
  };
}

/** The session of the bearer token; dead ones (expired, closed, revoked, or by a fault) are 401. */
export function authenticate(
  ctx: Context,
  { sessions, faults }: Pick<RestMiddlewareParts, 'sessions' | 'faults'>,
): Session {
  const session = sessions.use(/^(?:Bearer|OAuth) (.+)$/i.exec(ctx.get('authorization'))?.[1] ?? '');
  if (!session) throw expired();
  const facts = { org: session.orgId, client: session.clientId };
  if (isRevoked(faults, session) || faults.take('token.expire', facts)) {
    sessions.close(session.accessToken);
    throw expired();
  }
  return session;
}

/** `/services/data/**`: authentication, the daily limit, then the call. */
export function restMiddleware(parts: RestMiddlewareParts): Middleware {
  const { api, usage, faults, orgs } = parts;

  function limitInfo(ctx: Context, org: Org): void {
    ctx.set('sforce-limit-info', `api-usage=${usage.used(org)}/${org.profile.dailyApiRequests}`);
  }

  function serve(ctx: Context, version: string, path: string): void {
    const session = authenticate(ctx, parts);
    const org = orgs.get(session.orgId);
    if (!org) throw expired();
    if (session.kind === 'app') {
      limitInfo(ctx, org);
      if (usage.used(org) >= org.profile.dailyApiRequests) {
        throw new ApiError(403, 'REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.');
      }
      usage.count(org);
    }
    limitInfo(ctx, org);
    answer(ctx, api.perform(org, session, toRequest(ctx, version, path)));
    const facts = { org: org.orgId, client: session.clientId, method: ctx.method, path };
    if (faults.take('api.timeout_after_commit', facts)) {
      ctx.respond = false;
      ctx.req.socket.destroy();
    }
  }

  return async (ctx, next) => {
    if (/^\/services\/data\/?$/.test(ctx.path)) {
      answer(ctx, { status: 200, body: versionList });
      return;
    }
    const [, version, path = ''] = /^\/services\/data\/v(\d+\.\d)(\/.*)?$/.exec(ctx.path) ?? [];
    if (version === undefined) return next();
    try {
      if (!isServed(version)) throw new ApiError(404, 'NOT_FOUND', 'The requested resource does not exist');
      serve(ctx, version, path.replace(/\/$/, ''));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      answer(ctx, { status: error.status, body: error.items });
    }
  };
}
