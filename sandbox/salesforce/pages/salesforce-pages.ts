import { join } from 'node:path';
import { Router } from '@koa/router';
import type Koa from 'koa';
import { browserFolder, sendClientFile } from '../../kit/client-file.ts';
import { signpost } from '../../kit/signpost.ts';
import { orgs } from '../../seed/credentials.ts';
import { pageShell } from './page-shell.ts';

const clientFolder = join(import.meta.dirname, 'client');

/**
 * Lightning-like pages: `/lightning/o/Opportunity/list` and `/lightning/r/Opportunity/{id}/view`, for the first org, or
 * with `?org=b` for the second; `?lang=de` shows the components in German. They are a client of the public REST API
 * alone, and show the project's own components from the folder that `bundle().path` names once they are built.
 */
export function salesforcePages(options: {
  bundle(): { state: string; message?: string; path?: string };
}): Koa.Middleware {
  const router = new Router();
  const page: Koa.Middleware = (ctx) => {
    ctx.type = 'html';
    ctx.body = pageShell();
  };
  router.get('/', (ctx) => {
    ctx.type = 'html';
    ctx.body = signpost(
      'Stand-in of Salesforce',
      'Salesforce’s API and pages for Rapport’s sandbox, on this machine alone.',
      orgs.map(({ tenant, orgId }) => [`/lightning/o/Opportunity/list?org=${tenant}`, `Opportunities of org ${orgId}`]),
    );
  });
  router.get('/lightning/o/Opportunity/list', page);
  router.get('/lightning/r/Opportunity/:id/view', page);
  router.get('/lightning', (ctx) => ctx.redirect('/lightning/o/Opportunity/list'));

  router.get('/_ui/bundle', (ctx) => {
    const { state, message, path } = options.bundle();
    ctx.set('cache-control', 'no-store');
    ctx.body = { ready: path !== undefined, state, message };
  });
  router.get('/_ui/bundle/:file', async (ctx) => {
    const { path } = options.bundle();
    if (path !== undefined) await sendClientFile(ctx, path, ctx.params['file'] ?? '');
  });
  router.get('/_ui/page/:file', (ctx) => sendClientFile(ctx, clientFolder, ctx.params['file'] ?? ''));
  router.get('/kit/browser/:file', (ctx) => sendClientFile(ctx, browserFolder, ctx.params['file'] ?? ''));
  return router.routes() as Koa.Middleware;
}
