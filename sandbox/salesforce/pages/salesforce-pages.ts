import { stat, readFile } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import { Router } from '@koa/router';
import type Koa from 'koa';
import { pageShell } from './page-shell.ts';

const clientFolder = join(import.meta.dirname, 'client');
const bundleFiles = new Set(['component.js', 'component.css']);

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
  router.get('/lightning/o/Opportunity/list', page);
  router.get('/lightning/r/Opportunity/:id/view', page);
  router.get('/lightning', (ctx) => ctx.redirect('/lightning/o/Opportunity/list'));

  router.get('/_ui/bundle', (ctx) => {
    const { state, message, path } = options.bundle();
    ctx.set('cache-control', 'no-store');
    ctx.body = { ready: path !== undefined, state, message };
  });
  router.get('/_ui/bundle/:file', async (ctx) => {
    const file = ctx.params['file'] ?? '';
    const { path } = options.bundle();
    if (path !== undefined && bundleFiles.has(file)) await send(ctx, join(path, file));
  });
  router.get('/_ui/page/:file', async (ctx) => {
    const file = ctx.params['file'] ?? '';
    if (/^[a-z-]+\.(?:ts|css)$/.test(file)) await send(ctx, join(clientFolder, file));
  });
  return router.routes() as Koa.Middleware;
}

/** Sends a file, TypeScript with its types off, or 304 if the browser has it. An unknown file stays a 404. */
async function send(ctx: Koa.Context, path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (!found) return;
  ctx.status = 200;
  ctx.type = path.endsWith('.css') ? 'css' : 'js';
  ctx.etag = `${found.size}-${found.mtimeMs}`;
  ctx.set('cache-control', 'no-cache');
  if (ctx.fresh) {
    ctx.status = 304;
    return;
  }
  const source = await readFile(path, 'utf8');
  ctx.body = path.endsWith('.ts') ? stripTypeScriptTypes(source) : source;
}
