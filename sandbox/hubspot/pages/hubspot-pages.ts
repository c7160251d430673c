import { join } from 'node:path';
import { Router } from '@koa/router';
import type Koa from 'koa';
import { browserFolder, sendClientFile } from '../../kit/client-file.ts';
import { signpost } from '../../kit/signpost.ts';
import { portals } from '../../seed/credentials.ts';
import { pageShell } from './page-shell.ts';

const clientFolder = join(import.meta.dirname, 'client');

export interface HubspotPagesOptions {
  /** How far the card's build is; `path` names the folder with the built files once it is ready. */
  bundle(): { state: string; message?: string; path?: string };
  /** The app's variable HUB_URL, as the uploaded profile would give it to the card. */
  hubUrl: string;
}

/**
 * Pages like HubSpot's: a deal's record page with the project's own card, and the list of deals. `?lang=de` shows the card
 * as to a user with that locale. They are a client of the public API alone, as the person behind the portal's token.
 */
export function hubspotPages(options: HubspotPagesOptions): Koa.Middleware {
  const router = new Router();
  const page: Koa.Middleware = (ctx) => {
    ctx.type = 'html';
    // The desk shows this page in a frame, on a port of its own.
    ctx.set('content-security-policy', "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'");
    ctx.body = pageShell();
  };
  router.get('/', (ctx) => {
    ctx.type = 'html';
    ctx.body = signpost(
      'Stand-in of HubSpot',
      'HubSpot’s API and pages for Rapport’s sandbox, on this machine alone.',
      portals.map(({ portalId }) => [
        `/contacts/${portalId}/objects/0-3/views/all/list`,
        `Deals of account ${portalId}`,
      ]),
    );
  });
  router.get('/contacts/:portalId/objects/0-3/views/all/list', page);
  router.get('/contacts/:portalId/record/0-3/:dealId', page);

  router.get('/_ui/bundle', (ctx) => {
    const { state, message, path } = options.bundle();
    ctx.set('cache-control', 'no-store');
    ctx.body = { ready: path !== undefined, state, message, variables: { HUB_URL: options.hubUrl } };
  });
  router.get('/_ui/bundle/:file', async (ctx) => {
    const { path } = options.bundle();
    if (path !== undefined) await sendClientFile(ctx, path, ctx.params['file'] ?? '');
  });
  router.get('/_ui/page/:file', (ctx) => sendClientFile(ctx, clientFolder, ctx.params['file'] ?? ''));
  router.get('/kit/browser/:file', (ctx) => sendClientFile(ctx, browserFolder, ctx.params['file'] ?? ''));
  return router.routes() as Koa.Middleware;
}
