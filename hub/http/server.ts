import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Router } from '@koa/router';
import Koa from 'koa';
import getRawBody from 'raw-body';
import { Invalid, RapportError, RetryLater, Unverified } from '../../protocol/errors.ts';
import { faultForLog } from '../../protocol/fault-for-log.ts';
import type { Log } from '../../protocol/ports/log.ts';
import { checkRoutes, type Route } from './route.ts';

/** Builds the HTTP side from its routes. Throws Fault when a route has no policy. */
export function createApp(routes: readonly Route[], log: Log): Koa {
  checkRoutes(routes);
  const app = new Koa();
  app.use(async (ctx, next) => {
    try {
      ctx.set('x-content-type-options', 'nosniff');
      ctx.set('cache-control', 'no-store');
      await next();
    } catch (error) {
      answerError(ctx, error as Error & { status?: number }, log);
    }
  });
  const router = new Router();
  for (const route of routes) {
    router[route.method === 'GET' ? 'get' : 'post'](route.path, async (ctx) => {
      await route.handle(ctx, route.method === 'POST' ? await readBody(ctx, route) : Buffer.alloc(0));
    });
  }
  app.use(router.routes());
  return app;
}

async function readBody(ctx: Koa.Context, route: Route): Promise<Buffer> {
  try {
    return await getRawBody(ctx.req, { limit: route.bodyLimit_bytes, length: ctx.get('content-length') || null });
  } catch (error) {
    if ((error as { status?: number }).status === 413) route.onTooLarge?.();
    throw error;
  }
}

/** What the caller did wrong is said; what we did wrong is logged and said in general words. */
function answerError(ctx: Koa.Context, error: Error & { status?: number }, log: Log): void {
  const status = statusOf(error);
  ctx.status = status;
  if (error instanceof RapportError && status < 500) {
    ctx.body = { error: error.name, message: error.message, remedy: error.remedy };
    return;
  }
  if (status === 413) {
    ctx.body = {
      error: 'TooLarge',
      message: 'The request is larger than this address takes.',
      remedy: 'Send less at once.',
    };
    return;
  }
  if (status >= 500) log.error({ path: ctx.path, ...faultForLog(error) }, 'request failed');
  ctx.body = {
    error: status === 503 ? 'RetryLater' : 'Failed',
    message: 'The request could not be served.',
    remedy: 'Try again in a moment.',
  };
}

function statusOf(error: Error & { status?: number }): number {
  if (error instanceof Unverified) return 401;
  if (error instanceof Invalid) return 400;
  if (error instanceof RetryLater) return 503;
  return error.status !== undefined && error.status >= 400 && error.status < 500 ? error.status : 500;
}

/** Listens; `stop` lets requests in hand finish for a moment. */
export async function listen(
  app: Koa,
  options: { host: string; port: number },
): Promise<{ port: number; stop(): Promise<void> }> {
  const handle = app.callback();
  const server = createServer((request, response) => void handle(request, response));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
        setTimeout(() => server.closeAllConnections(), 2_000).unref();
      }),
  };
}
