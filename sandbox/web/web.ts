import { Router } from '@koa/router';
import Koa from 'koa';
import { listen, rawBody, steering } from '../kit/http-server.ts';
import type { Vendor, VendorContext } from '../kit/vendor.ts';
import { forward, isForProxy, tunnels } from './egress-proxy.ts';
import { graphApi } from './graph-api.ts';
import { PublicWeb } from './public-web.ts';
import { searchApi } from './search-api.ts';

/**
 * The sandbox's public web on one port: an egress proxy (absolute-form and CONNECT host:80) to the sites of its firms and to hostile
 * ones, a search API shaped like Brave's, and Instagram and Facebook Pages shaped like Meta's Graph API v25.
 */
export async function startWeb(context: VendorContext): Promise<Vendor> {
  const web = new PublicWeb(context);
  const app = new Koa();
  // A reader that leaves in the middle of a page is no fault of ours.
  app.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'ECONNRESET') app.onerror(error);
  });
  app.use((ctx, next) => {
    if (!isForProxy(ctx.req)) return next();
    ctx.respond = false;
    return forward(web, ctx.req, ctx.res);
  });
  app.use(rawBody(1024 * 1024));
  const control = steering(context, () => undefined);
  app.use(control.routes());
  const router = new Router();
  router.get('/res/v1/web/search', searchApi(web, context));
  router.get('/v25.0/:id', graphApi(web, context));
  app.use(router.routes());
  app.use((ctx) => {
    ctx.status = 404;
    ctx.body = { error: { message: `Unknown path components: ${ctx.path}`, type: 'OAuthException', code: 2500 } };
  });
  const server = await listen(app, context);
  const open = tunnels(web, server.server);
  const stop = async (): Promise<void> => {
    open.close();
    await server.stop();
  };
  return { port: server.port, seed: () => undefined, stop };
}
